-- Where one report stands: is it in a case file, and how many people agreed about its organizer and its draw. Always one row.
SELECT max(CAST(d.organizer_id AS VARCHAR)) AS organizer_id, max(CAST(d.draw_id AS VARCHAR)) AS draw_id,
       coalesce(bool_or(c.dispute_id = d.dispute_id), FALSE) AS inside,
       coalesce(max(d.verification) >= 'V2', FALSE) AS proven,
       coalesce(bool_or(c.level IN ('repeat', 'pervasive')), FALSE) AS leveled,
       count(DISTINCT c.reporter_key) AS of_organizer,
       count(DISTINCT c.reporter_key) FILTER (c.draw_id = d.draw_id) AS of_draw
FROM mart.dispute d LEFT JOIN core.case_claim c ON c.organizer_id = d.organizer_id
WHERE d.dispute_id = $dispute
