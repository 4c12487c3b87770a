-- Hours from when a report came to the first decision of a person about it, of those that had to wait for one.
SELECT date_diff('minute', f.came_at, m.decided_at) / 60.0 AS hours
FROM (
    SELECT dispute_id, min(recorded_at) AS came_at, min_by(screen, version) <> '' AS waited FROM log.filing
    WHERE source IN ('form', 'api') GROUP BY dispute_id
) f
JOIN (
    SELECT subject_id, min(recorded_at) FILTER (actor <> 'screen') AS decided_at, bool_or(action = 'check') AS checked
    FROM core.decision WHERE subject_kind = 'dispute' GROUP BY subject_id
) m ON m.subject_id = f.dispute_id
WHERE (f.waited OR m.checked) AND m.decided_at >= f.came_at
ORDER BY hours;
