-- The invitations of an organizer and of those merged into it, the newest first.
SELECT m.invitation_id, m.recorded_at, m.good_until, m.kind, m.actor, m.sentence,
       EXISTS (FROM log.invitation r WHERE r.invitation_id = m.invitation_id AND r.kind = 'revoked') AS revoked
FROM log.invitation m
LEFT JOIN mart.organizer_merge g ON g.organizer_id = m.organizer_id
WHERE m.kind <> 'revoked' AND coalesce(g.canonical_id, m.organizer_id) = $organizer
ORDER BY m.commit_no DESC, m.event_id
