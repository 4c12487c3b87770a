-- Type of organizer x days from a stage ('': from the claim) to the end, or to the last word of what is not ended.
SELECT organizer_type, days, CASE ended WHEN 'relief_elsewhere' THEN 'relief' ELSE ended END AS ended, sum(n)::BIGINT AS n
FROM mart.time
WHERE stage = $stage
GROUP BY ALL
ORDER BY days, organizer_type, ended;
