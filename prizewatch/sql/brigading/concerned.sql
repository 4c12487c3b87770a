-- The reports an alarm is about, and how they stand: held by it, waiting for nothing but what a burst shows, or (where it is
-- closed) last moved by it.
WITH latest AS (
    SELECT dispute_id, any_value(reporter_key) AS own_key, any_value(network_key) AS network_key, any_value(device_key) AS device_key,
           min(recorded_at) AS came_at, max_by(screen, version) AS screen
    FROM log.filing GROUP BY dispute_id
),
ruled AS (
    SELECT subject_id AS dispute_id, max_by(action, turn) AS action, arg_max_null(related_id, turn) AS alarm_id
    FROM (SELECT *, row(commit_no, recorded_at, event_id) AS turn FROM core.decision
          WHERE subject_kind = 'dispute'
          AND action IN ('publish_masked', 'publish_named', 'ask', 'hold', 'check', 'reject', 'remove', 'restore', 'merge'))
    GROUP BY subject_id
)
SELECT CAST(d.dispute_id AS VARCHAR) AS dispute_id, d.reporter_key, l.own_key, l.network_key, l.device_key, l.came_at,
       CASE WHEN r.action = 'check' AND r.alarm_id = $alarm THEN 'held'
            WHEN r.alarm_id = $alarm THEN 'moved' ELSE 'waiting' END AS state,
       d.verification >= 'V2' AS proven,
       EXISTS (FROM log.evidence e WHERE e.dispute_id = d.dispute_id AND e.sha256 IS NOT NULL) AS has_file,
       (SELECT count(*) FROM log.filing o WHERE o.reporter_key = l.own_key AND o.version = 1) = 1 AS first_time
FROM mart.dispute d
JOIN latest l ON l.dispute_id = d.dispute_id
LEFT JOIN ruled r ON r.dispute_id = d.dispute_id
WHERE d.organizer_id = CAST($organizer AS UUID)
      AND (r.alarm_id = $alarm
           OR (d.moderation = 'pending' AND r.action IS NULL AND l.came_at >= $since AND l.screen <> ''
               AND list_has_all($codes, string_split(l.screen, ';'))))
ORDER BY l.came_at, d.dispute_id
