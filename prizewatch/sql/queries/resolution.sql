-- Type of organizer x stage, over the base set. The row of stage 'ambiguous' is relief nobody could credit to a stage.
SELECT organizer_type, stage,
       sum(reached)::BIGINT AS reached,
       sum(decided)::BIGINT AS decided,
       sum(relief_full)::BIGINT AS relief_full,
       sum(relief_partial)::BIGINT AS relief_partial,
       sum(sanction_only)::BIGINT AS sanction_only,
       sum(action_known)::BIGINT AS action_known,
       sum(action_taken)::BIGINT AS action_taken
FROM mart.resolution
GROUP BY organizer_type, stage
HAVING sum(reached + relief_full + relief_partial) > 0
ORDER BY organizer_type, stage;
