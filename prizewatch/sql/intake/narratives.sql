-- What other people told of the organizers of this batch, the newest 200 of each.
SELECT CAST(f.organizer_id AS VARCHAR) AS organizer_id, f.reporter_key, f.narrative
FROM log.filing f
WHERE f.organizer_id IN (SELECT CAST(organizer_id AS UUID) FROM staged_teller) AND f.narrative IS NOT NULL AND f.recorded_at > $since
QUALIFY row_number() OVER (PARTITION BY f.organizer_id ORDER BY f.recorded_at DESC, f.event_id) <= 200
