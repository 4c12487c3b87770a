-- Of the reports that arrived, those that count and are held by an alarm. Not what a moderator has decided, nor what was on
-- file when the organizer was reviewed or named: a flood takes nothing back that a person looked at.
SELECT CAST(d.dispute_id AS VARCHAR) AS dispute_id
FROM mart.dispute d
JOIN (SELECT dispute_id, min(commit_no) AS commit_no FROM log.filing GROUP BY dispute_id) f ON f.dispute_id = d.dispute_id
WHERE d.dispute_id IN (SELECT unnest(CAST($arrived AS UUID[])))
      AND d.organizer_id = CAST($organizer AS UUID) AND d.moderation IN ('published_masked', 'published_named')
      AND NOT EXISTS (
          FROM core.decision r WHERE r.subject_kind = 'dispute' AND r.subject_id = d.dispute_id
          AND r.action IN ('publish_masked', 'publish_named', 'restore'))
      AND f.commit_no > coalesce((
          SELECT max(r.commit_no) FROM core.decision r
          LEFT JOIN mart.organizer_merge m ON m.organizer_id = r.subject_id
          WHERE r.subject_kind = 'organizer' AND r.action IN ('review', 'name')
          AND coalesce(m.canonical_id, r.subject_id) = CAST($organizer AS UUID)), -1)
ORDER BY d.dispute_id
