-- Whether an event of the desk is on file.
SELECT 1 FROM log.moderation WHERE event_id = $event UNION ALL SELECT 1 FROM log.proposal WHERE event_id = $event
