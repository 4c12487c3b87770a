-- Organizer x reason, of those with enough disputes for a breakdown; an organizer has a row for each of its reasons.
SELECT r.organizer_id::VARCHAR AS organizer_id, r.dispute_reason, r.disputes
FROM mart.organizer_reason r JOIN mart.organizer o ON o.organizer_id = r.organizer_id AND o.disputes >= $least
ORDER BY ALL;
