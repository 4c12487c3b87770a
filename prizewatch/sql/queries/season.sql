-- Seasons in which many draws are held, as far as they touch the months of the register.
SELECT starts_on AS start, ends_on AS "end", season FROM ref.season
WHERE ends_on >= (SELECT min(month) FROM mart.month) AND starts_on < (SELECT max(month) + INTERVAL 1 MONTH FROM mart.month)
ORDER BY starts_on, season;
