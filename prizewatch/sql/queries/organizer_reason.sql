SELECT dispute_reason, sum(disputes)::BIGINT AS disputes
FROM mart.organizer_reason
WHERE organizer_id = $organizer
GROUP BY dispute_reason
HAVING sum(disputes) > 0
ORDER BY dispute_reason;
