-- What the fold reads: the disputes in fold_touched, none of which has a row older than commit $since.
filings AS (SELECT * FROM log.filing WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)),
events AS (SELECT * FROM log.stage_event WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)),
proofs AS (SELECT * FROM log.evidence WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)),
decisions AS (
    SELECT * FROM log.moderation
    WHERE commit_no >= $since AND subject_kind = 'dispute' AND subject_id IN (SELECT dispute_id FROM fold_touched)
),
replies AS (SELECT * FROM log.reply)
