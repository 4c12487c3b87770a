-- Merges and splits of one organizer, in the order they were decided.
SELECT event_id, kind, into_id FROM log.organizer WHERE organizer_id = $organizer AND kind IN ('merged', 'split')
ORDER BY commit_no, recorded_at, event_id
