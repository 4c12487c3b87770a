-- Reads the text of a batch's stage events into types, puts each beside its dispute and the events before it, and judges it.
WITH typed AS (
    SELECT k, n, seq, try_cast(event_id_ AS UUID) AS own_id, {typed} FROM batch_stage_event
), beside AS (
    SELECT
        t.*, {dispute},
        coalesce(t.own_id, CAST(md5(concat(d.event_id, '/event/', t.seq)) AS UUID)) AS event_id,
        d.dispute_reason IN ('pay_to_claim', 'impersonation', 'rigged_winner')
            OR d.data_given IS NOT NULL OR coalesce(d.amount_paid > 0, false) AS d_fraud,
        (SELECT CAST(any_value(r.ship_days) AS INTEGER) FROM ref.tool_rules r WHERE r.tool = d.lottery_tool) AS ship_days,
        EXISTS (SELECT 1 FROM ref.stage_outcome o WHERE o.stage = t.stage_ AND o.outcome = t.outcome_) AS outcome_ok,
        t.outcome_ IN ('no_response', 'refused', 'rejected', 'referred', 'relief_full', 'relief_partial', 'sanction_only') AS decided,
        t.outcome_ <> 'skipped' AS attempt,
        coalesce(try_cast(substr(t.stage_, 2, 1) AS INTEGER) % 10, 0) AS rung
    FROM typed t JOIN staged_dispute d USING (n)
), ordered AS MATERIALIZED (
    SELECT
        *,
        coalesce(max(CASE WHEN decided OR (attempt AND rung = 1) THEN seq END) OVER before, 0) AS last_decided,
        coalesce(bool_or(outcome_ IN ('relief_full', 'self_disqualified')) OVER before, false) AS ended,
        NOT coalesce(bool_or(attempt) OVER before, false) AS starts,
        coalesce(bit_or(CASE WHEN NOT attempt AND skip_reason_ IS NOT NULL THEN 1 << rung END) OVER before, 0) AS rungs_skipped,
        coalesce(bool_or(skip_reason_ = 'direct_fraud') OVER (PARTITION BY n ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), false)
            AS direct_fraud,
        max(entered_on) OVER same_target AS latest_same_target,
        bool_or(outcome_ IN ('pending', 'promised')) OVER same_step AS open_same,
        bool_or(attempt) OVER same_step AS decided_same,
        bool_or(attempt AND rung = 2) OVER story AS has_s2,
        coalesce(bool_or(rung IN (3, 4) AND attempt AND (decided OR closed_on IS NOT NULL)) OVER story, false) AS has_closed_platform,
        coalesce(bool_or(outcome_ IN ('relief_full', 'relief_partial')) OVER story, false) AS has_relief,
        coalesce(bool_or(outcome_ = 'relief_partial') OVER story, false) AS has_partial,
        coalesce(bool_or(promised_on < $today) OVER story, false) AS has_broken_promise,
        coalesce(string_agg(CASE WHEN outcome_ IN ('relief_full', 'relief_partial') THEN ';' || stage_ || ';' END) OVER story, '')
            AS relief_stages
    FROM beside
    WINDOW story AS (PARTITION BY n),
        before AS (PARTITION BY n ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        same_target AS (PARTITION BY n, target_entity_ ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        same_step AS (PARTITION BY n, stage_, target_entity_ ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), ways AS (
    -- From where an event may come: the last decided attempt, and every attempt after that one that is still undecided.
    SELECT
        e.k,
        coalesce(bool_or(t.need IN ('', 'again')), false) AS allowed,
        coalesce(bool_or(t.need = 'fraud'), false) AS fraud_only,
        coalesce(bool_or(t.need = 'skip_reason'), false) AS skip_only,
        coalesce(bool_or(t.need = 'skip_reason' AND e.rungs_skipped & ((1 << e.rung) - (1 << (f.rung + 1)))
            = (1 << e.rung) - (1 << (f.rung + 1))), false) AS skips_named,
        coalesce(bool_or(
            coalesce(f.closed_on > e.entered_on, f.outcome_ IN ('pending', 'promised'))
            AND e.entered_on < f.entered_on + CAST(w.days AS INTEGER)
            AND NOT (least(e.rung, f.rung) >= 4 OR (least(e.rung, f.rung) = 3 AND greatest(e.rung, f.rung) = 4))), false) AS early
    FROM ordered e
    JOIN ordered f ON f.n = e.n AND f.seq < e.seq AND f.seq >= e.last_decided AND f.attempt
    LEFT JOIN ref.transition t ON t.from_stage = f.stage_ AND t.to_stage = e.stage_
    LEFT JOIN ref.wait w ON w.stage = f.stage_
    GROUP BY e.k
)
SELECT k, n, seq, event_id, {names}, {broken} AS broken
FROM ordered LEFT JOIN ways USING (k)
ORDER BY k
