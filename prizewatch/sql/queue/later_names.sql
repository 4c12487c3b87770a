-- Names and handles that later reports give a named organizer and nobody has decided on, the oldest first: each once. In a
-- reference register the source names.
WITH met AS (
    SELECT coalesce(m.canonical_id, s.organizer_id) AS organizer_id, s.event_id, s.commit_no, s.recorded_at, s.seen_on,
           s.host_platform, s.display_name, s.handle
    FROM log.organizer s LEFT JOIN mart.organizer_merge m ON m.organizer_id = s.organizer_id
    WHERE s.kind = 'seen' AND coalesce(s.display_name, s.handle) IS NOT NULL
),
decided AS (
    SELECT subject_id AS organizer_id, max(commit_no) FILTER (action = 'name') AS named_in,
           coalesce(list(related_id) FILTER (action IN ('accept_name', 'decline_name')), []) AS told
    FROM core.decision WHERE subject_kind = 'organizer' GROUP BY subject_id
),
judged AS (
    SELECT met.*, o.display_name AS shown, met.commit_no <= d.named_in OR list_contains(d.told, met.event_id) AS settled
    FROM met JOIN mart.organizer o ON o.organizer_id = met.organizer_id AND o.named JOIN decided d ON d.organizer_id = o.organizer_id
    WHERE CAST($organizer AS UUID) IS NULL OR o.organizer_id = CAST($organizer AS UUID)
)
SELECT organizer_id, min_by(event_id, turn) AS event_id, min(recorded_at) AS recorded_at, display_name, handle,
       min_by(host_platform, turn) AS host_platform, any_value(shown) AS shown, count(*) AS times
FROM (SELECT *, row(commit_no, event_id) AS turn FROM judged)
WHERE NOT EXISTS (FROM core.setting WHERE kind = 'reference')
GROUP BY organizer_id, display_name, handle
HAVING NOT bool_or(settled)
ORDER BY recorded_at, organizer_id, display_name, handle
