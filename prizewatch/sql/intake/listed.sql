-- The listed organizers among public codes; nobody else is ever found here.
SELECT public_code, CAST(organizer_id AS VARCHAR) FROM mart.organizer
WHERE publication = 'listed' AND public_code IN (SELECT unnest($codes::VARCHAR[]))
