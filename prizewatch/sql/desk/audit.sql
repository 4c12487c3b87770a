-- Entries, newest first, narrowed to a person, an action and the beginning of an id.
SELECT coalesce(CAST(entry_no AS VARCHAR), '') AS entry_no, recorded_at, actor, role, action, subject_kind, subject_id,
       detail
FROM entry
WHERE ($actor = '' OR actor = $actor)
  AND ($action = '' OR action = $action)
  AND ($subject = '' OR starts_with(replace(CAST(subject_id AS VARCHAR), '-', ''), $subject))
ORDER BY recorded_at DESC, entry.entry_no DESC NULLS LAST, detail
LIMIT CAST($most AS BIGINT) OFFSET CAST($offset AS BIGINT)
