-- Who gave these files first.
SELECT lower(e.sha256) AS sha256, min_by(f.reporter_key, row(e.commit_no, e.event_id)) AS reporter_key
FROM log.evidence e JOIN log.filing f ON f.dispute_id = e.dispute_id AND f.version = 1
WHERE lower(e.sha256) IN (SELECT unnest($files))
GROUP BY lower(e.sha256)
