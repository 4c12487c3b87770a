-- organizer type x rung x next rung x verification level, over the base set: what came of going from one to the other
SELECT organizer_type, came_from, stage, verification,
       sum(sign * CAST(decided AS BIGINT)) AS decided,
       sum(sign * CAST(decided AND (relief_full OR relief_partial) AS BIGINT)) AS relief
FROM signed_stage WHERE reached AND came_from IS NOT NULL
GROUP BY organizer_type, came_from, stage, verification
