-- Who reported the organizers of this batch from the same networks or devices before, for as long as that can count for a level.
SELECT CAST(f.organizer_id AS VARCHAR) AS organizer_id, unnest([f.network_key, f.device_key]) AS place, f.reporter_key
FROM log.filing f
JOIN staged_id i ON CAST(i.organizer_id AS UUID) = f.organizer_id
    AND (i.network_key = f.network_key OR i.device_key = f.device_key)
WHERE f.recorded_at > $since
