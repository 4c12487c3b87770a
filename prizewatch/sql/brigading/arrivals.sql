-- Reports of strangers that came to be about organizers (after merges) since a moment, and which of them would count.
WITH asked AS (SELECT unnest(CAST($organizers AS UUID[])) AS organizer_id),
whole AS (
    SELECT DISTINCT coalesce(m.canonical_id, a.organizer_id) AS canonical
    FROM asked a LEFT JOIN mart.organizer_merge m ON m.organizer_id = a.organizer_id
),
member AS (
    SELECT canonical, canonical AS organizer_id FROM whole
    UNION SELECT m.canonical_id, m.organizer_id FROM mart.organizer_merge m JOIN whole w ON w.canonical = m.canonical_id
)
SELECT b.canonical, f.dispute_id, f.version, f.recorded_at, f.reporter_key, f.network_key, f.device_key, f.screen = '' AS passed
FROM log.filing f JOIN member b ON b.organizer_id = f.organizer_id
WHERE f.recorded_at > $since AND f.source IN ('form', 'api')
ORDER BY f.recorded_at, f.version
