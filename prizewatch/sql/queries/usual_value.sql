-- The median value of a kind of prize over the base set, in CNY, where enough values are on file.
SELECT median(prize_cents) / 100 AS median
FROM mart.dispute
WHERE in_base AND prize_kind = $kind AND currency = 'CNY' AND prize_cents IS NOT NULL
HAVING count(*) >= $least;
