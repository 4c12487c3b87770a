-- Rules over one stage event and its dispute (d_...), written as in dispute.sql. Allowed outcomes come from ref.stage_outcome.

-- event.target_entity.required target_entity live
stage_ <> 's1_self_check' AND outcome_ <> 'skipped' AND target_entity_ IS NULL;

-- event.closed_on.before_entered closed_on if=closed_on
closed_on < entered_on AND entered_on <= $today;

-- event.entered_on.before_win entered_on warning live if=entered_on
entered_on < d_win_notice_on AND stage_ <> 's1_self_check';

-- event.closed_on.still_open closed_on if=closed_on
closed_on_ IS NOT NULL AND outcome_ = 'pending';

-- event.promised_on.before_entered promised_on if=promised_on
promised_on < entered_on;

-- event.platform_action.required platform_action live
stage_ IN ('s3_lottery_platform', 's4_host_platform') AND platform_action_ IS NULL AND (closed_on_ IS NOT NULL OR decided)
AND outcome_ <> 'skipped';

-- event.skip_reason.required skip_reason
outcome_ = 'skipped' AND skip_reason_ IS NULL;

-- event.relief.required relief live
outcome_ IN ('relief_full', 'relief_partial') AND relief_ IS NULL;

-- event.relief_value.required relief_value live
outcome_ IN ('relief_full', 'relief_partial') AND relief_value_ IS NULL AND d_prize_value IS NOT NULL;

-- event.relief_on.required relief_on live
outcome_ IN ('relief_full', 'relief_partial') AND relief_on_ IS NULL;

-- event.relief_value.not_above_zero relief_value if=relief_value
relief_value <= 0;

-- event.relief_value.far_above_prize relief_value if=relief_value
relief_value > 1.5 * d_prize_value;

-- event.relief_value.above_prize relief_value warning if=relief_value
relief_value > d_prize_value AND relief_value <= 1.5 * d_prize_value;

-- event.relief_on.before_entered relief_on if=relief_on
relief_on < entered_on;

-- event.case_ref.form case_ref if=case_ref
NOT regexp_full_match(case_ref_, '[\p{L}\p{N}()（）〔〕\[\]/._ -]+');

-- cross.full_needs_value relief_value if=relief_value
outcome_ = 'relief_full' AND relief_value < 0.9 * d_prize_value
AND relief_ NOT IN ('full_prize', 'substitute_equal', 'equivalent_cash', 'none', 'costs_refund', 'apology_only');

-- cross.not_relief relief if=relief
outcome_ IN ('relief_full', 'relief_partial') AND relief_ IN ('none', 'costs_refund', 'apology_only');

-- cross.no_tool_no_s3 outcome live
d_lottery_tool IN ('group_manual', 'manual_pick') AND stage_ = 's3_lottery_platform'
AND NOT (outcome_ = 'skipped' AND coalesce(skip_reason_, 'no_tool') = 'no_tool');

-- cross.platform_self_no_s3 outcome live
d_organizer_type = 'platform_self' AND stage_ = 's3_lottery_platform'
AND NOT (outcome_ = 'skipped' AND coalesce(skip_reason_, 'no_channel') = 'no_channel');

-- cross.ineligible_needs_condition outcome live
outcome_ = 'self_disqualified' AND NOT contains(coalesce(d_conditions, ''), ':yes:no')
AND NOT coalesce(d_claim_made_on > d_claim_deadline OR ($today > d_claim_deadline AND d_claim_made_on IS NULL), false);
