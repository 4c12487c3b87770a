-- Rules over a dispute and all its events together, written as in dispute.sql; broken on the dispute.

-- claim_made_on.required claim_made_on live
has_s2 AND d_claim_made_on IS NULL;

-- cross.forged_needs_platform dispute_reason live
d_dispute_reason = 'forged_evidence' AND NOT has_closed_platform;

-- cross.not_shipped_wait dispute_reason live
d_dispute_reason = 'not_shipped' AND $today <= d_win_notice_on + coalesce(ship_days, 30) AND NOT has_broken_promise;

-- credited_stage.required credited_stage live
has_relief AND d_credited_stage IS NULL;

-- credited_stage.without_relief credited_stage
d_credited_stage <> 'ambiguous' AND NOT contains(relief_stages, ';' || d_credited_stage || ';');

-- partial_accepted_on.without_partial partial_accepted_on
d_partial_accepted_on IS NOT NULL AND NOT has_partial;

-- withdraw_reason.settled_needs_relief withdraw_reason live
d_withdraw_reason = 'settled' AND NOT has_relief;
