-- Reports about an organizer, after merges, the newest first.
SELECT dispute_id, reported_on, moderation, status, verification, dispute_reason, counts_for_level, draw_on
FROM mart.dispute WHERE organizer_id = $organizer ORDER BY counts_for_level DESC, reported_on DESC, dispute_id LIMIT 40
