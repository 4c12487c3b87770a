-- Organizers at the level that makes a case file, with enough people who agreed; the largest first.
SELECT CAST(c.organizer_id AS VARCHAR) AS organizer_id, any_value(c.public_code) AS public_code, any_value(c.level) AS level,
       count(*) AS disputes, count(DISTINCT c.reporter_key) AS reporters, count(DISTINCT c.draw_id) AS draws,
       coalesce(any_value(o.display_name), any_value(a.name), '') AS name
FROM core.case_claim c
JOIN mart.organizer o ON o.organizer_id = c.organizer_id
LEFT JOIN (
    SELECT canonical_id, min(coalesce(display_name, handle)) AS name FROM core.organizer_alias GROUP BY canonical_id
) a ON a.canonical_id = c.organizer_id
WHERE c.level IN ('repeat', 'pervasive') AND ($organizer IS NULL OR c.organizer_id = CAST($organizer AS UUID))
GROUP BY c.organizer_id
HAVING count(DISTINCT c.reporter_key) >= $least
ORDER BY reporters DESC, disputes DESC, public_code
