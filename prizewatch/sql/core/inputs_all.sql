-- What the fold reads: the whole log.
filings AS (
    SELECT event_id, commit_no, source, version, dispute_id, reporter_key, organizer_id, draw_id, screen, reported_at, organizer_type,
           legal_nature, host_platform, lottery_tool, draw_time, win_notice_on, prize_kind, prize_value, currency, claim_made_on,
           refused_on, dispute_reason, credited_stage, partial_accepted_on, gave_up_on, withdrawn_on, withdraw_reason,
           consent_publish
    FROM log.filing
),
events AS (
    SELECT event_id, commit_no, dispute_id, stage_event_id, version, seq, stage, entered_on, closed_on, outcome, promised_on,
           platform_action, relief_value, relief_on, response_kind, first_response_hours
    FROM log.stage_event
),
proofs AS (SELECT dispute_id, kind, form, sha256 FROM log.evidence),
decisions AS (
    -- Those that stand: neither taken back, nor taking another one back.
    SELECT * FROM log.moderation
    WHERE subject_kind = 'dispute' AND undoes IS NULL
        AND event_id NOT IN (SELECT undoes FROM log.moderation WHERE undoes IS NOT NULL)
),
replies AS (SELECT * FROM core.reply),
clusters AS (
    SELECT reporter_key, max_by(cluster_key, row(commit_no, recorded_at, event_id)) AS cluster_key
    FROM log.cluster GROUP BY reporter_key
)
