-- Organizers as a moderator tells them apart: every name and handle with its days, what merged into them, what is on file.
SELECT o.organizer_id, o.public_code, o.organizer_type, o.legal_nature, o.named, o.publication, o.disputes, o.reporters,
       o.last_report_on,
       list_sort(list(DISTINCT struct_pack(
           host := a.host_platform, handle := a.handle, name := a.display_name, reg_no := a.reg_no,
           first_on := a.first_seen_on, last_on := a.last_seen_on))
           FILTER (coalesce(a.handle, a.display_name, a.reg_no) IS NOT NULL)) AS aliases,
       list_sort(list(DISTINCT a.organizer_id) FILTER (a.organizer_id <> o.organizer_id)) AS members
FROM mart.organizer o
LEFT JOIN core.organizer_alias a ON a.canonical_id = o.organizer_id
WHERE ($ids IS NULL OR list_contains(CAST($ids AS UUID[]), o.organizer_id))
  AND ($text IS NULL OR o.public_code = upper(ltrim($text, '#')) OR o.organizer_id IN (
      SELECT canonical_id FROM core.organizer_alias
      WHERE contains(lower(coalesce(handle, '')), lower($text)) OR contains(lower(coalesce(display_name, '')), lower($text))
         OR upper(reg_no) = upper($text)))
GROUP BY ALL
ORDER BY o.disputes DESC, o.organizer_id
LIMIT 20
