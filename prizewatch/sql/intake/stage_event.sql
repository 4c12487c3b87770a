-- Reads the text of a batch's stage events into types, puts each beside its dispute and the events before it, and judges it.
-- What looks at other events of the same dispute reads the narrow `step`, not all columns.
WITH typed AS MATERIALIZED (
    SELECT k, n, seq, try_cast(event_id_ AS UUID) AS own_id, {typed} FROM batch_stage_event
), step AS MATERIALIZED (
    SELECT
        k, n AS of_n, seq AS turn, stage_ AS place, target_entity_ AS target, outcome_ AS came, skip_reason_ AS why,
        entered_on AS begun, closed_on AS ended_on, coalesce(relief_on, closed_on, DATE '0001-01-01') AS paid_on, promised_on < $today AS promise_over,
        outcome_ IN ('no_response', 'refused', 'rejected', 'referred', 'relief_full', 'relief_partial', 'sanction_only') AS decided,
        outcome_ <> 'skipped' AS attempt,
        coalesce(try_cast(substr(stage_, 2, 1) AS INTEGER) % 10, 0) AS rung
    FROM typed
), ordered AS MATERIALIZED (
    SELECT
        *,
        coalesce(max(CASE WHEN decided OR (attempt AND rung = 1) THEN turn END) OVER before, 0) AS last_decided,
        coalesce(bool_or(came = 'self_disqualified') OVER before, false)
            OR coalesce(min(CASE WHEN came = 'relief_full' THEN paid_on END) OVER before < begun, false) AS ended,
        NOT coalesce(bool_or(attempt) OVER before, false) AS starts,
        coalesce(bit_or(CASE WHEN NOT attempt AND why IS NOT NULL THEN 1 << rung END) OVER before, 0) AS rungs_skipped,
        coalesce(bool_or(why = 'direct_fraud') OVER before, false) OR coalesce(why = 'direct_fraud', false) AS direct_fraud,
        max(begun) OVER same_target AS latest_same_target,
        bool_or(came IN ('pending', 'promised')) OVER same_step AS open_same,
        bool_or(attempt) OVER same_step AS decided_same
    FROM step
    WINDOW before AS (PARTITION BY of_n ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        same_target AS (PARTITION BY of_n, target ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        same_step AS (PARTITION BY of_n, place, target ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), story AS (
    SELECT
        of_n,
        bool_or(attempt AND rung = 2) AS has_s2,
        coalesce(bool_or(rung IN (3, 4) AND attempt AND (decided OR ended_on IS NOT NULL)), false) AS has_closed_platform,
        coalesce(bool_or(came IN ('relief_full', 'relief_partial')), false) AS has_relief,
        coalesce(bool_or(came = 'relief_partial'), false) AS has_partial,
        coalesce(bool_or(promise_over), false) AS has_broken_promise,
        coalesce(string_agg(CASE WHEN came IN ('relief_full', 'relief_partial') THEN ';' || place || ';' END), '')
            AS relief_stages
    FROM step GROUP BY of_n
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
            coalesce(f.ended_on > e.begun, f.came IN ('pending', 'promised'))
            AND e.begun < f.begun + CAST(w.days AS INTEGER)
            AND NOT (least(e.rung, f.rung) >= 4 OR (least(e.rung, f.rung) = 3 AND greatest(e.rung, f.rung) = 4))), false) AS early
    FROM ordered e
    JOIN ordered f ON f.of_n = e.of_n AND f.turn < e.turn AND f.turn >= e.last_decided AND f.attempt
    LEFT JOIN ref.transition t ON t.from_stage = f.place AND t.to_stage = e.place
    LEFT JOIN ref.wait w ON w.stage = f.place
    GROUP BY e.k
), beside AS (
    SELECT n, event_id AS filed_as, {dispute},
        -- one definition with next_step.is_fraud: data/reference/fraud_ground.csv
        coalesce(d.amount_paid > 0, false)
            OR d.dispute_reason IN (SELECT code FROM ref.fraud_ground WHERE field = 'dispute_reason')
            OR coalesce(list_has_any(string_split(d.data_given, ';'),
                (SELECT list(code) FROM ref.fraud_ground WHERE field = 'data_given')), false) AS d_fraud,
        CAST(r.ship_days AS INTEGER) AS ship_days
    FROM staged_dispute d LEFT JOIN ref.tool_rules r ON r.tool = d.lottery_tool
)
SELECT k, n, seq, coalesce(own_id, CAST(md5(concat(filed_as, '/event/', seq)) AS UUID)) AS event_id, {names}, {broken} AS broken
FROM (
    SELECT t.*, o.* EXCLUDE (k, of_n), a.* EXCLUDE (of_n), w.* EXCLUDE (k), b.* EXCLUDE (n), p.outcome IS NOT NULL AS outcome_ok
    FROM typed t
    JOIN ordered o ON o.k = t.k
    JOIN story a ON a.of_n = t.n
    LEFT JOIN ways w ON w.k = t.k
    JOIN beside b ON b.n = t.n
    LEFT JOIN ref.stage_outcome p ON p.stage = t.stage_ AND p.outcome = t.outcome_
)
ORDER BY k
