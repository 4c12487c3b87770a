-- What the organizer of one report is called in public; nothing where it is not listed and named.
SELECT o.display_name AS organizer_display,
       (SELECT max_by(n.name, row(n.seen_on, n.name)) FROM mart.organizer_name n
        WHERE n.organizer_id = o.organizer_id AND n.kind = 'handle') AS organizer_handle
FROM mart.dispute d
JOIN mart.organizer o ON o.organizer_id = d.organizer_id AND o.publication = 'listed' AND o.named
WHERE d.dispute_id = CAST($dispute AS UUID);
