-- What the fold reads: the whole log.
filings AS (SELECT * FROM log.filing),
events AS (SELECT * FROM log.stage_event),
proofs AS (SELECT * FROM log.evidence),
decisions AS (SELECT * FROM log.moderation WHERE subject_kind = 'dispute'),
replies AS (SELECT * FROM log.reply)
