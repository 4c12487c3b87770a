-- The organizer of a report as the desk sees it.
SELECT o.*, a.handles
FROM mart.organizer o
LEFT JOIN (
    SELECT canonical_id, string_agg(DISTINCT coalesce(display_name, handle), '; ' ORDER BY coalesce(display_name, handle)) AS handles
    FROM core.organizer_alias WHERE coalesce(display_name, handle) IS NOT NULL AND canonical_id = $organizer GROUP BY canonical_id
) a ON a.canonical_id = o.organizer_id
WHERE o.organizer_id = $organizer
