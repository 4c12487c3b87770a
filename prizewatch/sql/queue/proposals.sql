-- Proposals nobody has confirmed or declined yet, the oldest first.
SELECT p.* FROM log.proposal p
WHERE p.kind = 'proposed' AND NOT EXISTS (FROM log.proposal q WHERE q.proposal_id = p.proposal_id AND q.kind <> 'proposed')
ORDER BY p.commit_no, p.event_id
