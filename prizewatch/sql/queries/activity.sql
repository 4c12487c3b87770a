-- What people and the register itself did, by month (register's time zone) and kind. Of what was published, `masked` is
-- what shows no name. A correction of figures: a decision by
-- which a report that counted goes, one that was out comes back, a finding is made, or a decision is taken back.
WITH acts AS (
    SELECT m.*, lag(action) OVER own AS before, m.actor <> 'screen' AS by_person
    FROM core.decision m WHERE subject_kind = 'dispute'
        AND action IN ('publish_masked', 'publish_named', 'ask', 'hold', 'check', 'reject', 'remove', 'restore', 'merge')
    WINDOW own AS (PARTITION BY subject_id ORDER BY commit_no, recorded_at, event_id)
),
waited AS (SELECT dispute_id, min_by(screen, version) <> '' AS waited FROM log.filing GROUP BY dispute_id),
did AS (
    SELECT recorded_at, action AS kind FROM acts WHERE action IN ('ask', 'hold', 'reject', 'remove', 'merge') AND by_person
    UNION ALL SELECT recorded_at, 'published' FROM acts
        WHERE action IN ('publish_masked', 'publish_named') AND coalesce(before NOT IN ('publish_masked', 'publish_named'), TRUE)
    UNION ALL SELECT recorded_at, 'masked' FROM acts
        WHERE action = 'publish_masked' AND coalesce(before NOT IN ('publish_masked', 'publish_named'), TRUE)
    UNION ALL SELECT a.recorded_at, 'correction' FROM acts a LEFT JOIN waited w ON w.dispute_id = a.subject_id
        WHERE by_person AND (
            (action IN ('reject', 'remove', 'merge')
             AND coalesce(before IN ('publish_masked', 'publish_named', 'restore'), NOT coalesce(w.waited, TRUE)))
            OR (action IN ('publish_masked', 'publish_named', 'restore') AND before IN ('reject', 'remove', 'merge')))
    UNION ALL SELECT recorded_at, 'correction' FROM core.decision
        WHERE subject_kind = 'dispute' AND action IN ('find_ineligible', 'find_eligible', 'set_level')
    UNION ALL SELECT recorded_at, 'named' FROM core.decision WHERE subject_kind = 'organizer' AND action = 'name'
    UNION ALL SELECT min(recorded_at), 'alarm' FROM log.alarm GROUP BY alarm_id
    UNION ALL SELECT min(recorded_at), 'erased' FROM log.erasure GROUP BY dispute_id
)
SELECT CAST(date_trunc('month', timezone(s.zone, timezone('UTC', did.recorded_at))) AS DATE) AS month, did.kind, count(*) AS n
FROM did, core.setting s
GROUP BY month, did.kind
ORDER BY month, did.kind;
