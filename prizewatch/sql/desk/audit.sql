-- Entries of the audit, newest first, narrowed to a person, an action and a subject.
SELECT entry_no, recorded_at, actor, role, action, subject_kind, subject_id, detail
FROM log.audit
WHERE ($actor = '' OR actor = $actor)
  AND ($action = '' OR action = $action)
  AND (CAST($subject AS UUID) IS NULL OR subject_id = CAST($subject AS UUID))
ORDER BY entry_no DESC
LIMIT CAST($most AS BIGINT) OFFSET CAST($offset AS BIGINT);
