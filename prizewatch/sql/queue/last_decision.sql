-- The last standing decision about a subject among these actions.
SELECT event_id FROM core.decision
WHERE subject_kind = $kind AND subject_id = $subject AND action IN (SELECT unnest($actions))
ORDER BY commit_no DESC, recorded_at DESC, event_id DESC LIMIT 1
