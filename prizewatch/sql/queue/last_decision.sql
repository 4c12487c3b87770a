-- The last standing decision about a subject among these actions; about one related subject, if given.
SELECT event_id FROM core.decision
WHERE subject_kind = $kind AND subject_id = $subject AND action IN (SELECT unnest($actions))
      AND (CAST($related AS UUID) IS NULL OR related_id = CAST($related AS UUID))
ORDER BY commit_no DESC, recorded_at DESC, event_id DESC LIMIT 1
