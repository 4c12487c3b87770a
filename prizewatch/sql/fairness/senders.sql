-- Of the sender of a notice: how many came since $day, how many were in bad faith since $year, and when the last of these
-- was told so. By network alone: nobody proves a contact, so a rival who writes another's into notices in bad faith would
-- shut the other out, while who means ill writes a new one each time.
SELECT count(DISTINCT n.notice_id) FILTER (n.recorded_at > $day) AS lately,
       count(DISTINCT n.notice_id) FILTER (e.event_id IS NOT NULL) AS bad, max(e.recorded_at) AS told_at,
       min(n.recorded_at) FILTER (n.recorded_at > $day) AS first_at
FROM log.notice n
LEFT JOIN log.notice_event e ON e.notice_id = n.notice_id AND e.kind = 'reject' AND e.reason_code = 'bad_faith'
    AND e.recorded_at > $year
WHERE n.network_key = $network
