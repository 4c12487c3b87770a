SELECT stage, sum(reached)::BIGINT AS reached, sum(decided)::BIGINT AS decided,
       sum(relief_full)::BIGINT AS relief_full, sum(relief_partial)::BIGINT AS relief_partial,
       sum(sanction_only)::BIGINT AS sanction_only
FROM mart.organizer_stage
WHERE organizer_id = $organizer
GROUP BY stage
HAVING sum(reached) > 0
ORDER BY stage;
