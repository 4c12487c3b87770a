-- organizer x stage, over the base set
SELECT organizer_id, stage,
       sum(sign * CAST(reached AS BIGINT)) AS reached,
       sum(sign * CAST(decided AS BIGINT)) AS decided,
       sum(sign * CAST(relief_full AS BIGINT)) AS relief_full,
       sum(sign * CAST(relief_partial AS BIGINT)) AS relief_partial,
       sum(sign * CAST(sanction_only AS BIGINT)) AS sanction_only
FROM signed_stage
GROUP BY organizer_id, stage
