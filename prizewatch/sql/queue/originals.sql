-- Free words of a report as they were before masking: what they are words of, the field, the words; the newest last.
SELECT 'dispute' AS table_name, f.dispute_id AS of_id, o.field, o.words, f.commit_no
FROM desk.original o JOIN log.filing f ON f.event_id = o.event_id WHERE f.dispute_id = $dispute
UNION ALL
SELECT 'stage_event', e.stage_event_id, o.field, o.words, e.commit_no
FROM desk.original o JOIN log.stage_event e ON e.event_id = o.event_id WHERE e.dispute_id = $dispute
ORDER BY commit_no
