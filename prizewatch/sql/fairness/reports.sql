-- The reports of an organizer as a moderator tells them apart: no reporter, no words.
SELECT dispute_id, draw_on, reported_on, dispute_reason, prize_kind, status, moderation, in_base
FROM mart.dispute
WHERE organizer_id = coalesce((SELECT canonical_id FROM mart.organizer_merge WHERE organizer_id = $organizer), $organizer)
  AND moderation NOT IN ('merged', 'rejected', 'draft')
ORDER BY draw_on, reported_on, dispute_id
