-- Notices by ground, and what the last decision about each was. hidden: until the other side has answered.
SELECT ground, outcome, count(*) AS n
FROM (
    SELECT n.notice_id, any_value(n.ground) AS ground,
           coalesce(max_by(CASE WHEN e.kind IN ('keep', 'reject') THEN 'stays' WHEN e.kind = 'hide' THEN 'hidden'
                                WHEN e.kind = 'remove' THEN 'removed' WHEN e.kind = 'correct' THEN 'corrected'
                                WHEN e.kind IN ('restore', 'elapse') THEN 'restored' WHEN e.kind = 'withdraw' THEN 'withdrawn' END,
                           row(e.commit_no, e.recorded_at, e.event_id))
                    FILTER (e.kind IN ('keep', 'reject', 'hide', 'remove', 'correct', 'restore', 'elapse', 'withdraw')),
                    'waiting') AS outcome
    FROM log.notice n LEFT JOIN log.notice_event e ON e.notice_id = n.notice_id
    GROUP BY n.notice_id
)
GROUP BY ground, outcome
ORDER BY ground, outcome;
