-- The evidence of a report, as it came.
SELECT * FROM log.evidence WHERE dispute_id = $dispute ORDER BY commit_no, event_id
