-- Where a report stands: status and level as counted, what a moderator asked last and what was answered since, whether a
-- moderator decided about it, whether its organizer contests, and since when it says that the
-- prize was delivered, where the reporter has said nothing since. Always one row.
WITH asked AS (
    SELECT commit_no, coalesce(sentence, '') AS sentence FROM core.decision
    WHERE subject_kind = 'dispute' AND subject_id = $dispute AND action = 'ask'
    ORDER BY commit_no DESC, recorded_at DESC, event_id DESC LIMIT 1
), replied AS (
    SELECT r.answer FROM core.reply r
    WHERE r.dispute_id = $dispute OR (r.dispute_id IS NULL AND r.organizer_id = $organizer)
    ORDER BY r.replied_on DESC, r.commit_no DESC, r.event_id DESC LIMIT 1
)
SELECT
    max(d.status) AS status, max(d.moderation) AS moderation, max(d.verification) AS verification,
    (SELECT sentence FROM asked) AS question,
    (SELECT max_by(a.answered, a.commit_no) FROM log.answer a, asked q
     WHERE a.dispute_id = $dispute AND a.commit_no > q.commit_no) AS answered,
    EXISTS (
        SELECT 1 FROM core.decision WHERE subject_kind = 'dispute' AND subject_id = $dispute
        AND action IN ('publish_masked', 'publish_named', 'hold', 'reject', 'remove', 'restore', 'merge', 'ask')
    ) AS decided,
    coalesce((SELECT answer = 'contests' FROM replied), false) AS contested,
    (SELECT max(r.replied_on) FROM core.reply r
     WHERE r.dispute_id = $dispute AND r.answer = 'says_resolved'
     AND r.commit_no > (SELECT max(f.commit_no) FROM log.filing f WHERE f.dispute_id = $dispute)) AS said_resolved_on
FROM mart.dispute d WHERE d.dispute_id = $dispute
