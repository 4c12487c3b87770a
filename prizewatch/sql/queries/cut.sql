-- One trait of the disputes x stage, over the base set; as resolution.sql.
SELECT value, stage, reached, decided, relief_full, relief_partial, sanction_only, action_known, action_taken
FROM mart.cut
WHERE cut = $cut AND reached + relief_full + relief_partial > 0
ORDER BY value, stage;
