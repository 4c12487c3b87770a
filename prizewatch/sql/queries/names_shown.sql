-- Every name under which an organizer of the file is shown: what it is called there, and what its page says it was called.
SELECT o.public_code, n.name
FROM mart.organizer o JOIN mart.organizer_name n ON n.organizer_id = o.organizer_id AND n.kind IN ('name', 'former')
WHERE o.publication = 'listed' AND o.named AND o.legal_nature IN ('company', 'public_body', 'sole_proprietor');
