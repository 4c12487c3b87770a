-- Answers that came by an invitation, each with what became of it last; narrowed by what is given.
SELECT r.reply_id, r.invitation_id, coalesce(g.canonical_id, r.organizer_id) AS organizer_id, r.recorded_at AS sent_at,
       r.answer, r.words, r.about_words, r.proof_kind, r.proof_words, l.kind AS state, l.recorded_at AS decided_at,
       l.reason_code, l.sentence
FROM log.reply_event r
LEFT JOIN mart.organizer_merge g ON g.organizer_id = r.organizer_id
JOIN (
    SELECT * FROM log.reply_event
    QUALIFY row_number() OVER (PARTITION BY reply_id ORDER BY commit_no DESC, event_id DESC) = 1
) l ON l.reply_id = r.reply_id
WHERE r.kind = 'received'
  AND ($reply IS NULL OR r.reply_id = CAST($reply AS UUID))
  AND ($invitation IS NULL OR r.invitation_id = CAST($invitation AS UUID))
  AND ($organizer IS NULL OR coalesce(g.canonical_id, r.organizer_id) = CAST($organizer AS UUID))
ORDER BY r.recorded_at, r.reply_id
