-- All versions of the report a receipt belongs to, the first one first.
SELECT * FROM log.filing WHERE receipt_hash = $receipt ORDER BY version, commit_no, event_id
