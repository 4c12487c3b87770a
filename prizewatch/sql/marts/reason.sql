-- organizer type x main reason, over the base set
SELECT organizer_type, dispute_reason,
       sum(sign) AS disputes,
       sum(CASE WHEN status = 'resolved_full' THEN sign ELSE 0 END) AS resolved_full,
       sum(CASE WHEN status = 'resolved_partial' THEN sign ELSE 0 END) AS resolved_partial,
       sum(CASE WHEN status = 'closed_unresolved' THEN sign ELSE 0 END) AS closed_unresolved,
       sum(CASE WHEN status IN ('open', 'lost_to_followup') THEN sign ELSE 0 END) AS undecided
FROM signed_dispute
GROUP BY organizer_type, dispute_reason
