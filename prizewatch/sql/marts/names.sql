-- Names that may be searched: of organizers that are listed and named. What it is called now, once was, and its handles,
-- as far as they were on file when a moderator named it, or were accepted since: a stranger's report adds nothing to a page.
SELECT s.organizer_id, s.display_name AS name,
       CASE WHEN s.display_name = o.display_name THEN 'name' ELSE 'former' END AS kind, max(s.seen_on) AS seen_on
FROM called s JOIN mart.organizer o ON o.organizer_id = s.organizer_id AND o.publication = 'listed' AND o.named
WHERE s.display_name IS NOT NULL AND s.shown /* picked */
GROUP BY ALL
UNION ALL
SELECT s.organizer_id, s.handle, 'handle', max(s.seen_on)
FROM called s JOIN mart.organizer o ON o.organizer_id = s.organizer_id AND o.publication = 'listed' AND o.named
WHERE s.handle IS NOT NULL AND s.shown
      AND s.handle IS DISTINCT FROM o.display_name /* picked */
GROUP BY ALL
ORDER BY 1, 3, 2
