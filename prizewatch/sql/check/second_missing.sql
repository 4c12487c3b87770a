-- Decisions that two persons take, since there are such, where nobody confirmed, or nobody's confirmation is on file.
-- A public source names its own organizers; a decision that takes one back has the rules of the one it takes back.
SELECT count(*)
FROM log.moderation m
WHERE list_contains($two, m.action)
  AND m.actor NOT LIKE 'import:%'
  AND m.recorded_at > (SELECT min(applied_at) FROM meta.migration WHERE name LIKE '%\_decisions' ESCAPE '\')
  AND m.second IS DISTINCT FROM $alone
  AND NOT EXISTS (
      FROM log.proposal p
      WHERE p.kind = 'confirmed' AND p.actor = m.second AND p.subject_id = m.subject_id AND p.action = m.action
        AND p.commit_no = m.commit_no
  )
