-- month of report x organizer type, over the base set
SELECT month, organizer_type,
       sum(sign) AS disputes,
       sum(CASE WHEN status = 'resolved_full' THEN sign ELSE 0 END) AS resolved_full,
       sum(CASE WHEN status = 'resolved_partial' THEN sign ELSE 0 END) AS resolved_partial,
       sum(CASE WHEN status = 'closed_unresolved' THEN sign ELSE 0 END) AS closed_unresolved,
       sum(CASE WHEN status IN ('open', 'lost_to_followup') THEN sign ELSE 0 END) AS undecided,
       sum(CASE WHEN verification >= 'V2' THEN sign ELSE 0 END) AS at_v2
FROM signed_dispute
GROUP BY month, organizer_type
