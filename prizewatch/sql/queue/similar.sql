-- Other reports that may be the same: about the same organizer, the nearest first. $organizer is the present one, after merges.
SELECT d.dispute_id, d.reported_on, d.moderation, d.status, d.draw_id = t.draw_id AS same_draw, d.reporter_key = t.reporter_key AS same_reporter,
       coalesce(abs(d.draw_on - t.draw_on) <= 3, FALSE) AND d.prize_cents IS NOT DISTINCT FROM t.prize_cents AS near_draw,
       f.narrative, f.draw_title
FROM mart.dispute d
JOIN mart.dispute t ON t.dispute_id = $dispute AND d.dispute_id <> t.dispute_id AND d.organizer_id = t.organizer_id
JOIN log.filing f ON f.dispute_id = d.dispute_id
WHERE d.moderation <> 'merged'
QUALIFY row_number() OVER (PARTITION BY d.dispute_id ORDER BY f.version DESC, f.commit_no DESC) = 1
ORDER BY same_reporter DESC, same_draw DESC, near_draw DESC, d.reported_on DESC, d.dispute_id
LIMIT 100
