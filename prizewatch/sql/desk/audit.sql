-- Entries, newest first, narrowed to a person, an action and a subject.
SELECT coalesce(CAST(entry_no AS VARCHAR), '') AS entry_no, recorded_at, actor, role, action, subject_kind, subject_id,
       detail
FROM entry
WHERE ($actor = '' OR actor = $actor)
  AND ($action = '' OR action = $action)
  AND (CAST($subject AS UUID) IS NULL OR subject_id = CAST($subject AS UUID))
ORDER BY recorded_at DESC, entry.entry_no DESC NULLS LAST, detail
LIMIT CAST($most AS BIGINT) OFFSET CAST($offset AS BIGINT)
