-- One row a dispute, as of clock.as_of. Reads fold_event (event.sql) and the inputs; domain model 3.4 and 3.5.
WITH latest AS (
    -- The latest version, and when the first and the last came.
    SELECT f.*,
           first_value(f.reported_at) OVER versions AS first_reported_at,
           max(f.reported_at) OVER versions AS last_reported_at
    FROM filings f
    WINDOW versions AS (
        PARTITION BY f.dispute_id ORDER BY f.version, f.commit_no, f.event_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
    QUALIFY f.event_id = last_value(f.event_id) OVER versions
),
ruled AS (
    -- What moderators said last, by kind of question.
    SELECT subject_id AS dispute_id,
           max_by(action, turn) FILTER (asks = 'status') AS status_action,
           max(commit_no) FILTER (asks = 'status') AS status_commit,
           max_by(action, turn) FILTER (action IN ('publish_masked', 'publish_named')) AS published_as,
           max_by(related_id, turn) FILTER (action = 'merge') AS into_id,
           max_by(related_id, turn) FILTER (action = 'move') AS moved_to,
           max_by(action, turn) FILTER (asks = 'finding') AS finding,
           max(commit_no) FILTER (action IN ('find_eligible', 'reopen')) AS eligible_commit,
           max(commit_no) FILTER (action = 'reopen') AS reopen_commit,
           max_by(reason_code, turn) FILTER (action = 'set_level') AS set_level
    FROM (
        SELECT *, row(commit_no, recorded_at, event_id) AS turn,
               CASE WHEN action IN ('publish_masked', 'publish_named', 'ask', 'hold', 'check', 'reject', 'remove', 'restore', 'merge')
                    THEN 'status'
                    WHEN action IN ('find_ineligible', 'find_eligible', 'reopen') THEN 'finding' END AS asks
        FROM decisions
    )
    GROUP BY subject_id
),
proven AS (
    -- Of what strangers send, only proof with a file makes more than one side proven: a tick shows nothing.
    SELECT dispute_id, bool_or(grp IN ('A', 'B')) AS has_any,
           bool_or(grp = 'A' AND shown) AS has_a, bool_or(grp = 'B' AND shown) AS has_b,
           bool_or(grp IN ('A', 'B') AND shown AND form <> 'screenshot') AS beyond_screenshots
    FROM (
        SELECT p.dispute_id, p.form, c.grp, p.sha256 IS NOT NULL OR l.source NOT IN ('form', 'api') AS shown
        FROM proofs p
        JOIN latest l ON l.dispute_id = p.dispute_id
        JOIN ref.code c ON c.list = 'evidence_kind' AND c.code = p.kind
    )
    GROUP BY dispute_id
),
answered AS (
    -- The organizer's latest answer to this dispute, or to all of them.
    SELECT dispute_id, max_by(answer, turn) AS answer, max_by(replied_on, turn) AS replied_on, max_by(own, turn) AS own,
           max_by(commit_no, turn) AS commit_no
    FROM (
        SELECT r.dispute_id, r.answer, r.replied_on, r.commit_no, TRUE AS own, row(r.replied_on, r.commit_no, r.event_id) AS turn
        FROM replies r WHERE r.dispute_id IS NOT NULL
        UNION ALL
        SELECT l.dispute_id, r.answer, r.replied_on, r.commit_no, FALSE, row(r.replied_on, r.commit_no, r.event_id)
        FROM replies r
        LEFT JOIN mart.organizer_merge rm ON rm.organizer_id = r.organizer_id
        JOIN (
            SELECT f.dispute_id, coalesce(fm.canonical_id, d.moved_to, f.organizer_id) AS organizer_id
            FROM latest f LEFT JOIN ruled d USING (dispute_id)
            LEFT JOIN mart.organizer_merge fm ON fm.organizer_id = coalesce(d.moved_to, f.organizer_id)
        ) l ON l.organizer_id = coalesce(rm.canonical_id, r.organizer_id)
        WHERE r.dispute_id IS NULL
    )
    GROUP BY dispute_id
),
climbed AS (
    -- The ladder of a dispute in one row. Relief recorded before a moderator reopened the dispute proved to be none.
    SELECT dispute_id,
           max(last_on) AS last_event_on,
           max(stage) FILTER (attempted) AS furthest_stage,
           max(entered_on) FILTER (attempted) AS last_entered_on,
           bool_or(disqualified) AS disqualified,
           bool_or(relieved AND outcome = 'relief_full') AS full_relief,
           bool_or(relieved) AS any_relief,
           max_by(stage, relief_rank) FILTER (relieved) AS relief_stage,
           max_by(relief_day, relief_rank) FILTER (relieved) AS relief_on,
           CAST(sum(relief_value) FILTER (relieved) * 100 AS BIGINT) AS relief_cents,
           count(DISTINCT stage) FILTER (stage <> 's1_self_check') AS rungs,
           bool_or(counts_as = 'decided') AS any_decided,
           bool_and(counts_as IN ('decided', 'not_an_attempt')) FILTER (stage <> 's1_self_check') AS all_decided,
           min(overdue_on) AS overdue_on
    FROM (
        SELECT e.*,
               e.outcome IN ('relief_full', 'relief_partial') AND e.commit_no > coalesce(r.reopen_commit, -1) AS relieved,
               e.outcome = 'self_disqualified' AND e.commit_no > coalesce(r.eligible_commit, -1) AS disqualified,
               row(e.outcome = 'relief_full', e.relief_day, e.entered_on, e.seq, e.stage_event_id) AS relief_rank
        FROM fold_event e LEFT JOIN ruled r USING (dispute_id)
    )
    GROUP BY dispute_id
),
placed AS (
    SELECT l.*, k.as_of, k.reference,
           coalesce(m.canonical_id, r.moved_to, l.organizer_id) AS canonical_id,
           CAST(timezone(k.zone, timezone('UTC', l.draw_time)) AS DATE) AS draw_on,
           CAST(timezone(k.zone, timezone('UTC', l.first_reported_at)) AS DATE) AS reported_on,
           CAST(timezone(k.zone, timezone('UTC', l.last_reported_at)) AS DATE) AS last_version_on,
           r.status_action, r.into_id, r.finding,
           -- A moderator may end a dispute or give up on it before the reporter's own words were corrected.
           CASE WHEN l.commit_no > coalesce(r.reopen_commit, -1) THEN l.gave_up_on END AS given_up_on,
           CASE WHEN l.commit_no > coalesce(r.reopen_commit, -1) THEN l.partial_accepted_on END AS accepted_on,
           CASE WHEN r.status_action = 'merge' THEN 'merged'
                WHEN r.status_action = 'reject' THEN 'rejected'
                WHEN r.status_action = 'remove' THEN 'removed'
                WHEN r.status_action = 'hold' THEN 'hold_legal'
                WHEN l.consent_publish = FALSE THEN 'draft'
                WHEN r.status_action = 'ask' THEN 'needs_info'
                WHEN r.status_action = 'check' THEN 'pending'  -- an alarm holds it until a person decides
                -- What a moderator decided holds for what was said until then.
                WHEN l.screen <> '' AND l.commit_no > coalesce(r.status_commit, -1) THEN 'pending'
                -- Who was pressed to withdraw stays counted, but is not pointed at.
                WHEN l.withdrawn_on IS NOT NULL AND l.withdraw_reason = 'pressured' THEN 'published_masked'
                WHEN r.status_action = 'publish_named' THEN 'published_named'
                WHEN r.status_action = 'restore' AND r.published_as = 'publish_named' THEN 'published_named'
                ELSE 'published_masked' END AS moderation,
           CASE WHEN r.set_level IS NOT NULL THEN r.set_level
                WHEN k.reference THEN 'V2'
                -- Contested is what the organizer says of this very report: a word against all of them takes nothing back.
                WHEN p.has_a AND p.has_b AND (p.beyond_screenshots OR NOT coalesce(a.own AND a.answer = 'contests', FALSE)) THEN 'V2'
                WHEN p.has_any THEN 'V1'
                ELSE 'V0' END AS verification,
           c.last_event_on, c.furthest_stage AS own_furthest, c.last_entered_on, c.full_relief, c.any_relief, c.relief_stage,
           c.relief_on, c.relief_cents, c.overdue_on,
           CASE WHEN c.full_relief OR c.any_relief THEN coalesce(l.credited_stage, c.relief_stage) END AS credited,
           r.finding = 'find_ineligible' OR coalesce(c.disqualified, FALSE) AS ineligible,
           CASE WHEN k.reference THEN coalesce(c.any_decided AND c.all_decided, FALSE)
                ELSE coalesce(c.rungs = 7 AND c.all_decided, FALSE) END AS routes_ended,
           -- Once the reporter says anything of the report, the claim no longer stands alone.
           CASE WHEN a.own AND a.answer = 'says_resolved' AND l.commit_no <= a.commit_no THEN a.replied_on END AS said_resolved_on
    FROM latest l
    CROSS JOIN clock k
    LEFT JOIN ruled r ON r.dispute_id = l.dispute_id
    LEFT JOIN mart.organizer_merge m ON m.organizer_id = coalesce(r.moved_to, l.organizer_id)
    LEFT JOIN proven p ON p.dispute_id = l.dispute_id
    LEFT JOIN answered a ON a.dispute_id = l.dispute_id
    LEFT JOIN climbed c ON c.dispute_id = l.dispute_id
),
dated AS (
    SELECT *,
           coalesce(claim_made_on, refused_on, win_notice_on, reported_on) AS own_claim_on,
           greatest(reported_on, last_version_on, last_event_on) AS last_update_on,
           -- Public records say what was paid, not whether that was accepted as the end.
           any_relief AND (accepted_on IS NOT NULL OR (reference AND routes_ended)) AS settled_in_part
    FROM placed
),
standing AS (
    SELECT *,
           CASE WHEN withdrawn_on IS NOT NULL AND coalesce(withdraw_reason, 'other') NOT IN ('settled', 'pressured')
                    THEN 'withdrawn'
                WHEN ineligible THEN 'closed_ineligible'
                WHEN full_relief THEN 'resolved_full'
                -- In part: open again while the rest is pursued, begun within 180 days.
                WHEN settled_in_part AND NOT coalesce(
                    last_entered_on > accepted_on AND last_entered_on <= accepted_on + 180
                    AND coalesce(given_up_on < last_entered_on, TRUE), FALSE)
                    THEN 'resolved_partial'
                WHEN given_up_on IS NOT NULL AND coalesce(last_entered_on <= given_up_on, TRUE) THEN 'closed_unresolved'
                WHEN routes_ended AND NOT coalesce(any_relief, FALSE) THEN 'closed_unresolved'
                WHEN NOT reference AND last_update_on + 90 < as_of THEN 'lost_to_followup'
                ELSE 'open' END AS status
    FROM dated
),
absorbed AS (
    -- A duplicate hands its earliest claim and its furthest stage to the dispute it was merged into.
    SELECT into_id AS dispute_id, min(own_claim_on) AS claim_on, max(own_furthest) AS furthest
    FROM standing WHERE moderation = 'merged' AND into_id IS NOT NULL AND into_id <> dispute_id
    GROUP BY into_id
),
judged AS (
    SELECT s.*,
           least(s.own_claim_on, b.claim_on) AS claim_on,
           greatest(s.own_furthest, b.furthest) AS furthest_stage,
           s.moderation IN ('published_masked', 'published_named') AND s.status NOT IN ('closed_ineligible', 'withdrawn')
               AS in_base,
           s.said_resolved_on IS NOT NULL AND s.last_update_on <= s.said_resolved_on
               AND s.status NOT IN ('resolved_full', 'resolved_partial') AS says_resolved_alone
    FROM standing s LEFT JOIN absorbed b ON b.dispute_id = s.dispute_id
),
counted AS (
    SELECT *,
           CAST(claim_on + INTERVAL 24 MONTH AS DATE) AS window_ends_on,
           in_base AND verification >= 'V2' AND dispute_reason <> 'impersonation'
               AND NOT (says_resolved_alone AND said_resolved_on + 14 < as_of)
               AND (status NOT IN ('resolved_full', 'resolved_partial') OR relief_on > claim_on + 30)
               AND as_of < CAST(claim_on + INTERVAL 24 MONTH AS DATE) AS counts_for_level
    FROM judged
)
SELECT dispute_id, canonical_id AS organizer_id, draw_id, coalesce(k.cluster_key, counted.reporter_key) AS reporter_key,
       organizer_type, legal_nature, host_platform, lottery_tool, dispute_reason, prize_kind, CAST(prize_value * 100 AS BIGINT) AS prize_cents,
       counted.currency, coalesce(b.code, 'other') AS value_band, draw_on, win_notice_on, claim_on,
       first_reported_at AS reported_at, reported_on, CAST(date_trunc('month', reported_on) AS DATE) AS month,
       last_update_on, status, moderation, verification, in_base, counts_for_level, furthest_stage, credited AS credited_stage,
       CASE WHEN credited IS NOT NULL THEN relief_on END AS relief_on, relief_cents,
       CASE WHEN status IN ('resolved_full', 'resolved_partial') THEN relief_on
            WHEN status <> 'closed_unresolved' THEN last_update_on
            WHEN given_up_on IS NOT NULL AND coalesce(last_entered_on <= given_up_on, TRUE) THEN given_up_on
            ELSE last_event_on END AS ended_on,
       least(
           overdue_on,
           CASE WHEN status = 'open' AND NOT reference THEN last_update_on + 91 END,
           CASE WHEN says_resolved_alone AND said_resolved_on + 15 > as_of THEN said_resolved_on + 15 END,
           CASE WHEN counts_for_level THEN window_ends_on END
       ) AS next_clock_on,
       coalesce(full_relief, FALSE) AS full_relief
FROM counted
LEFT JOIN clusters k ON k.reporter_key = counted.reporter_key
LEFT JOIN ref.value_band b
    ON b.currency = counted.currency AND prize_value >= b.at_least AND prize_value < coalesce(b.below, prize_value + 1)
