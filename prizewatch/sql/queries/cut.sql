-- One trait of the disputes x stage, over the base set; as resolution.sql.
SELECT value, stage,
       sum(reached)::BIGINT AS reached,
       sum(decided)::BIGINT AS decided,
       sum(relief_full)::BIGINT AS relief_full,
       sum(relief_partial)::BIGINT AS relief_partial,
       sum(sanction_only)::BIGINT AS sanction_only,
       sum(action_known)::BIGINT AS action_known,
       sum(action_taken)::BIGINT AS action_taken
FROM mart.cut
WHERE cut = $cut
GROUP BY value, stage
HAVING sum(reached + relief_full + relief_partial) > 0
ORDER BY value, stage;
