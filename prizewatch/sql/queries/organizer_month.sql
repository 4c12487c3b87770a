SELECT month, sum(disputes)::BIGINT AS disputes, sum(resolved)::BIGINT AS resolved
FROM mart.organizer_month
WHERE organizer_id = $organizer
GROUP BY month
HAVING sum(disputes) > 0
ORDER BY month;
