-- All versions of a report, the first one first.
SELECT * FROM log.filing WHERE dispute_id = $dispute ORDER BY version, commit_no, event_id
