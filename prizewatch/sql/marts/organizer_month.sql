-- organizer x month of report, over the base set
SELECT organizer_id, month, sum(sign) AS disputes,
       sum(CASE WHEN status IN ('resolved_full', 'resolved_partial') THEN sign ELSE 0 END) AS resolved
FROM signed_dispute
GROUP BY organizer_id, month
