-- organizer x main reason, over the base set
SELECT organizer_id, dispute_reason, sum(sign) AS disputes
FROM signed_dispute
GROUP BY organizer_id, dispute_reason
