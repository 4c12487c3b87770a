-- What the pages and files of listed organizers tell of their types: exact totals, whatever the tables of types hide.
SELECT organizer_type,
       sum(disputes)::BIGINT AS disputes,
       sum(resolved_full + resolved_partial)::BIGINT AS resolved,
       sum(closed_unresolved)::BIGINT AS closed,
       sum(undecided)::BIGINT AS undecided
FROM mart.organizer
WHERE publication = 'listed'
GROUP BY organizer_type
ORDER BY organizer_type;
