-- organizer type x stage, over the base set
SELECT organizer_type, stage,
       sum(sign * CAST(reached AS BIGINT)) AS reached,
       sum(sign * CAST(decided AS BIGINT)) AS decided,
       sum(sign * CAST(relief_full AS BIGINT)) AS relief_full,
       sum(sign * CAST(relief_partial AS BIGINT)) AS relief_partial,
       sum(sign * CAST(sanction_only AS BIGINT)) AS sanction_only,
       sum(sign * CAST(action_known AS BIGINT)) AS action_known,
       sum(sign * CAST(action_taken AS BIGINT)) AS action_taken
FROM signed_stage
GROUP BY organizer_type, stage
