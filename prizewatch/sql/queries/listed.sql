-- Disputes of listed organizers by type: their pages and files tell them, whatever the tables of types hide.
SELECT organizer_type, sum(disputes)::BIGINT AS disputes
FROM mart.organizer
WHERE publication = 'listed'
GROUP BY organizer_type
ORDER BY organizer_type;
