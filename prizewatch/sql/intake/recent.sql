-- Reports of the last 24 hours: how many about the organizers of this batch, when from its networks and devices.
-- A later version is no new report.
SELECT CAST(organizer_id AS VARCHAR) AS whose, count(*) AS reports, CAST(NULL AS TIMESTAMP[]) AS times FROM log.filing
WHERE version = 1 AND recorded_at > $since AND organizer_id IN (SELECT CAST(organizer_id AS UUID) FROM staged_id)
GROUP BY organizer_id
UNION ALL
SELECT network_key, count(*), list(recorded_at ORDER BY recorded_at) FROM log.filing
WHERE version = 1 AND recorded_at > $since AND network_key IN (SELECT network_key FROM staged_id) GROUP BY network_key
UNION ALL
SELECT device_key, count(*), list(recorded_at ORDER BY recorded_at) FROM log.filing
WHERE version = 1 AND recorded_at > $since AND device_key IN (SELECT device_key FROM staged_id) GROUP BY device_key
