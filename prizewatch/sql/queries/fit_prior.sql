-- Organizers with anything decided, for the prior of their group.
SELECT organizer_type, (resolved_full + resolved_partial)::BIGINT AS k,
       (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS n, count(*) AS organizers
FROM mart.organizer
WHERE resolved_full + resolved_partial + closed_unresolved > 0
GROUP BY ALL
ORDER BY ALL;
