-- Names, former names and handles of one organizer, only while it is listed and named.
SELECT n.name, n.kind, n.seen_on
FROM mart.organizer_name n
JOIN mart.organizer o ON o.organizer_id = n.organizer_id AND o.publication = 'listed' AND o.named
WHERE n.organizer_id = $organizer
ORDER BY n.kind, n.seen_on, n.name;
