-- What must be known of a report before it is decided, and the last commit about it. No row: no such report.
SELECT d.moderation, d.status, d.verification, d.organizer_id, coalesce(o.named, FALSE) AS named,
       coalesce((SELECT consent_contact FROM core.filing WHERE dispute_id = $subject), FALSE) AS asks_more,
       coalesce((SELECT moderation FROM mart.dispute WHERE dispute_id = $related AND dispute_id <> $subject), '') AS other,
       (SELECT max(commit_no) FROM (
           SELECT commit_no FROM log.filing WHERE dispute_id = $subject
           UNION ALL SELECT commit_no FROM log.stage_event WHERE dispute_id = $subject
           UNION ALL SELECT commit_no FROM log.evidence WHERE dispute_id = $subject
           UNION ALL SELECT commit_no FROM log.answer WHERE dispute_id = $subject
           UNION ALL SELECT commit_no FROM log.moderation WHERE subject_kind = 'dispute' AND subject_id = $subject
       )) AS last_commit
FROM mart.dispute d LEFT JOIN mart.organizer o ON o.organizer_id = d.organizer_id
WHERE d.dispute_id = $subject
