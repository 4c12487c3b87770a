-- The invitation behind a token, if it is good at $now.
SELECT m.invitation_id, coalesce(g.canonical_id, m.organizer_id) AS organizer_id, m.good_until
FROM log.invitation m
LEFT JOIN mart.organizer_merge g ON g.organizer_id = m.organizer_id
WHERE m.kind = 'made' AND m.token_key = $token AND m.good_until > $now
  AND NOT EXISTS (FROM log.invitation r WHERE r.invitation_id = m.invitation_id AND r.kind = 'revoked')
