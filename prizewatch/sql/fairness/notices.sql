-- Notices with every step, oldest first; a step has a row for each report it is about. Narrowed by what is given.
SELECT n.notice_id, n.recorded_at, n.sender, n.wish, n.ground, n.words, n.link,
       coalesce(m.canonical_id, n.organizer_id) AS organizer_id, n.dispute_id AS own_dispute,
       e.step_id, e.kind, e.recorded_at AS stepped_at, e.dispute_id, e.words AS said, e.reason_code, e.sentence, e.actor
FROM log.notice n
LEFT JOIN mart.organizer_merge m ON m.organizer_id = n.organizer_id
LEFT JOIN log.notice_event e ON e.notice_id = n.notice_id
WHERE ($receipt IS NULL OR n.receipt_hash = $receipt)
  AND ($notices IS NULL OR list_contains(CAST($notices AS UUID[]), n.notice_id))
  AND ($organizer IS NULL OR coalesce(m.canonical_id, n.organizer_id) = CAST($organizer AS UUID))
  AND ($dispute IS NULL OR n.dispute_id = CAST($dispute AS UUID)
       OR n.notice_id IN (SELECT notice_id FROM log.notice_event WHERE dispute_id = CAST($dispute AS UUID)))
ORDER BY n.recorded_at, n.notice_id, e.commit_no, e.recorded_at, e.event_id
