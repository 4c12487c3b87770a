-- Rules over the order of a dispute's stage events (3-model.md 3.4), written as in dispute.sql.
-- For each event: starts = no attempt before it; ended = self_disqualified came before, or relief_full and before this
-- one began; from the attempts it may come from (the last decided one and those still undecided after it): allowed, skip_only (the table has a way over skipped rungs),
-- skips_named (those rungs are there as `skipped` with their reason), fraud_only; d_fraud = data or money was taken, or such a reason.

-- ladder.outcome_not_allowed outcome
NOT outcome_ok AND rung BETWEEN 1 AND 8;

-- ladder.start stage live
attempt AND starts AND stage_ <> 's1_self_check';

-- ladder.ended stage
attempt AND ended;

-- ladder.transition stage
attempt AND NOT starts AND NOT ended AND NOT (allowed OR skip_only OR fraud_only);

-- ladder.skip_reason skip_reason
attempt AND NOT ended AND NOT allowed AND skip_only AND NOT skips_named;

-- ladder.fraud_only stage live
attempt AND NOT ended AND NOT allowed AND fraud_only AND NOT d_fraud;

-- ladder.direct_fraud skip_reason live
attempt AND NOT ended AND NOT allowed AND fraud_only AND d_fraud AND NOT direct_fraud;

-- ladder.open_twice target_entity
outcome_ IN ('pending', 'promised') AND open_same;

-- ladder.same_target target_entity
attempt AND stage_ = 's4_host_platform' AND decided_same;

-- ladder.date_order entered_on
entered_on < latest_same_target;

-- ladder.early entered_on warning live
attempt AND allowed AND early;
