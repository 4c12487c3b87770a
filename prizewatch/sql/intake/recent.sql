-- Reports of the last 24 hours about the organizers, and from the networks, of this batch. A later version is no new report.
SELECT CAST(organizer_id AS VARCHAR) AS whose, count(*) AS reports FROM log.filing
WHERE version = 1 AND recorded_at > $since AND organizer_id IN (SELECT CAST(organizer_id AS UUID) FROM staged_id) GROUP BY organizer_id
UNION ALL
SELECT network_key, count(*) FROM log.filing
WHERE version = 1 AND recorded_at > $since AND network_key IN (SELECT network_key FROM staged_id) GROUP BY network_key
