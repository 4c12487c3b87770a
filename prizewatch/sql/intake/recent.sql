-- Reports of the last 24 hours from the networks and devices of this batch: when. A later version is no new report.
SELECT network_key AS whose, list(recorded_at ORDER BY recorded_at) AS times FROM log.filing
WHERE version = 1 AND recorded_at > $since AND network_key IN (SELECT network_key FROM staged_id) GROUP BY network_key
UNION ALL
SELECT device_key, list(recorded_at ORDER BY recorded_at) FROM log.filing
WHERE version = 1 AND recorded_at > $since AND device_key IN (SELECT device_key FROM staged_id) GROUP BY device_key
