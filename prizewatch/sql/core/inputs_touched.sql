-- What the fold reads: the disputes in fold_touched, none of which has a row older than commit $since.
filings AS (
    SELECT event_id, commit_no, source, version, dispute_id, reporter_key, organizer_id, draw_id, screen, reported_at, organizer_type,
           legal_nature, host_platform, lottery_tool, draw_time, win_notice_on, prize_kind, prize_value, currency, claim_made_on,
           refused_on, dispute_reason, credited_stage, partial_accepted_on, gave_up_on, withdrawn_on, withdraw_reason,
           consent_publish
    FROM log.filing
    WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)
),
events AS (
    SELECT event_id, commit_no, dispute_id, stage_event_id, version, seq, stage, entered_on, closed_on, outcome, promised_on,
           platform_action, relief_value, relief_on, response_kind, first_response_hours
    FROM log.stage_event
    WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)
),
proofs AS (
    SELECT dispute_id, kind, form, sha256 FROM log.evidence
    WHERE commit_no >= $since AND dispute_id IN (SELECT dispute_id FROM fold_touched)
),
decisions AS (
    SELECT * FROM log.moderation
    WHERE commit_no >= $since AND subject_kind = 'dispute' AND subject_id IN (SELECT dispute_id FROM fold_touched)
        AND undoes IS NULL
        AND event_id NOT IN (SELECT undoes FROM log.moderation WHERE commit_no >= $since AND undoes IS NOT NULL)
),
replies AS (SELECT * FROM core.reply),
clusters AS (
    SELECT reporter_key, max_by(cluster_key, row(commit_no, recorded_at, event_id)) AS cluster_key
    FROM log.cluster GROUP BY reporter_key
)
