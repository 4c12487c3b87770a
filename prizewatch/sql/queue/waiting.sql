-- What needs a moderator, one row a duty: kind, what it is about, since when it waits, why (codes joined by ;).
-- $asked_days, $held_days: from when on a question without an answer, and a hold, are looked at again.
WITH ordered AS (SELECT *, row(commit_no, recorded_at, event_id) AS turn FROM core.decision),
last_status AS (
    SELECT subject_id AS dispute_id, max(commit_no) AS commit_no, max(recorded_at) AS moment
    FROM ordered
    WHERE subject_kind = 'dispute'
        AND action IN ('publish_masked', 'publish_named', 'ask', 'hold', 'reject', 'remove', 'restore', 'merge')
    GROUP BY subject_id
),
held AS (
    SELECT f.dispute_id, max_by(f.screen, row(f.version, f.commit_no, f.event_id)) AS screen,
           max(f.recorded_at) AS moment, max(f.version) AS version
    FROM log.filing f SEMI JOIN (SELECT dispute_id FROM mart.dispute WHERE moderation = 'pending') d USING (dispute_id)
    GROUP BY f.dispute_id
),
asked AS (
    SELECT d.dispute_id, s.commit_no, s.moment
    FROM mart.dispute d JOIN last_status s USING (dispute_id) WHERE d.moderation = 'needs_info'
),
came AS (
    -- What the reporter said since.
    SELECT a.dispute_id, min(c.recorded_at) AS moment, bool_or(c.answers) AS answered
    FROM asked a JOIN (
        SELECT dispute_id, commit_no, recorded_at, TRUE AS answers FROM log.answer
        UNION ALL SELECT dispute_id, commit_no, recorded_at, FALSE FROM log.filing
        UNION ALL SELECT dispute_id, commit_no, recorded_at, FALSE FROM log.evidence
    ) c ON c.dispute_id = a.dispute_id AND c.commit_no > a.commit_no
    GROUP BY a.dispute_id
),
pressed AS (
    SELECT f.dispute_id, max(f.recorded_at) AS moment, max(f.commit_no) AS commit_no
    FROM log.filing f WHERE f.withdraw_reason = 'pressured' AND f.withdrawn_on IS NOT NULL GROUP BY f.dispute_id
),
moved AS (
    -- Taken to another organizer's record; then its reporter named another one than before, and nobody decided since. It
    -- stays where it was put until somebody does.
    SELECT f.dispute_id, min(f.recorded_at) AS moment
    FROM (
        SELECT *, lag(organizer_id) OVER (PARTITION BY dispute_id ORDER BY version, commit_no, event_id) AS before FROM log.filing
        SEMI JOIN (SELECT subject_id AS dispute_id FROM ordered WHERE action = 'move') m USING (dispute_id)
    ) f
    JOIN (
        SELECT subject_id AS dispute_id, max(commit_no) AS commit_no FROM ordered WHERE subject_kind = 'dispute' GROUP BY subject_id
    ) d ON d.dispute_id = f.dispute_id AND f.commit_no > d.commit_no
    WHERE f.organizer_id <> f.before GROUP BY f.dispute_id
),
decided AS (
    SELECT subject_id AS organizer_id, max_by(action, turn) FILTER (action IN ('name', 'unname')) AS naming,
           max_by(action, turn) FILTER (action IN ('review', 'unreview')) AS review,
           max(recorded_at) FILTER (action = 'invite_reply') AS invited_at
    FROM ordered WHERE subject_kind = 'organizer' GROUP BY subject_id
),
open_proposal AS (
    SELECT p.* FROM log.proposal p
    WHERE p.kind = 'proposed' AND NOT EXISTS (FROM log.proposal q WHERE q.proposal_id = p.proposal_id AND q.kind <> 'proposed')
),
organizers AS (
    SELECT o.organizer_id, o.publication = 'listed' AND o.display_name IS NOT NULL AND o.at_v2 >= 1 AND (b.business OR o.level_reporters >= 2)
               AND d.naming IS NULL AS to_name,
           o.k_ind >= 3 AND o.level_reporters >= 3 AND NOT o.reviewed AND d.review IS NULL AND c.grp <> 'I'
               AND (b.business OR c.grp = 'A') AS to_review,
           d.invited_at, o.reply NOT IN ('not_invited', 'invited') AS replied, CAST(o.last_report_on AS TIMESTAMP) AS reported_at
    FROM mart.organizer o
    CROSS JOIN LATERAL (SELECT o.legal_nature IN ('company', 'public_body', 'sole_proprietor') AS business) b
    LEFT JOIN ref.code c ON c.list = 'organizer_type' AND c.code = o.organizer_type
    LEFT JOIN decided d ON d.organizer_id = o.organizer_id
    WHERE o.k_ind >= 2 OR o.publication = 'listed'
)
SELECT 'report' AS kind, 'dispute' AS subject_kind, dispute_id AS subject_id, moment AS since,
       screen || CASE WHEN version > 1 THEN ';correction' ELSE '' END AS why
FROM held WHERE screen NOT IN ('', 'burst')  -- those are decided with their alarm
UNION ALL
SELECT 'answer', 'dispute', a.dispute_id, coalesce(c.moment, a.moment + to_days($asked_days)),
       CASE WHEN c.answered THEN 'answered' WHEN c.dispute_id IS NOT NULL THEN 'added' ELSE 'no_answer' END
FROM asked a LEFT JOIN came c USING (dispute_id)
WHERE c.dispute_id IS NOT NULL OR a.moment + to_days($asked_days) <= $now
UNION ALL
SELECT 'withdrawal', 'dispute', p.dispute_id, p.moment, 'pressured'
FROM pressed p JOIN mart.dispute d USING (dispute_id) LEFT JOIN last_status s USING (dispute_id)
WHERE d.moderation IN ('published_masked', 'published_named') AND coalesce(s.commit_no < p.commit_no, TRUE)
UNION ALL
SELECT 'hold', 'dispute', d.dispute_id, s.moment + to_days($held_days), 'held_long'
FROM mart.dispute d JOIN last_status s USING (dispute_id)
WHERE d.moderation = 'hold_legal' AND s.moment + to_days($held_days) <= $now
UNION ALL
SELECT 'moved', 'dispute', dispute_id, v.moment, 'organizer_corrected' FROM moved v JOIN mart.dispute d USING (dispute_id)
WHERE d.moderation NOT IN ('rejected', 'removed', 'merged', 'draft')
UNION ALL
SELECT 'naming', 'organizer', o.organizer_id, coalesce(o.invited_at + to_days($reply_days), o.reported_at),
       CASE WHEN o.replied THEN 'replied' WHEN o.invited_at IS NULL THEN 'to_invite' ELSE 'reply_time_over' END
FROM organizers o
WHERE o.to_name AND (o.replied OR o.invited_at IS NULL OR o.invited_at + to_days($reply_days) <= $now)
    AND NOT EXISTS (FROM open_proposal p WHERE p.subject_id = o.organizer_id AND p.action = 'name')
UNION ALL
SELECT 'level', 'organizer', organizer_id, reported_at, 'to_review' FROM organizers WHERE to_review
UNION ALL
SELECT 'proposal', 'proposal', proposal_id, recorded_at, 'proposed_' || action FROM open_proposal WHERE actor IS DISTINCT FROM $actor
