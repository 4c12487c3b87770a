-- Reports about an organizer as the fold has them, by spans of 30 days before today: 0 is the last one.
SELECT ($today - reported_on - 1) // 30 AS span, count(*) AS reports FROM mart.dispute
WHERE organizer_id = CAST($organizer AS UUID) AND in_base AND reported_on < $today AND reported_on >= $today - 210
GROUP BY span
