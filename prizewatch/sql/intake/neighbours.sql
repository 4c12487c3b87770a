-- Who reported the organizers of this batch from the same networks before, for as long as that can count for a level.
SELECT DISTINCT CAST(f.organizer_id AS VARCHAR) AS organizer_id, f.network_key, f.reporter_key
FROM log.filing f JOIN staged_id i ON i.network_key = f.network_key AND CAST(i.organizer_id AS UUID) = f.organizer_id
WHERE f.recorded_at > $since
