-- Alarms as they stand, one row an alarm, after merges of organizers.
SELECT a.alarm_id, coalesce(m.canonical_id, a.organizer_id) AS organizer_id, a.kind, a.since, a.signals, a.reports, a.actor,
       a.sentence, a.recorded_at AS decided_at, first.raised_at
FROM log.alarm a
JOIN (SELECT alarm_id, min(recorded_at) AS raised_at FROM log.alarm GROUP BY alarm_id) first ON first.alarm_id = a.alarm_id
LEFT JOIN mart.organizer_merge m ON m.organizer_id = a.organizer_id
QUALIFY row_number() OVER (PARTITION BY a.alarm_id ORDER BY a.commit_no DESC, a.recorded_at DESC, a.event_id DESC) = 1
ORDER BY first.raised_at, a.alarm_id
