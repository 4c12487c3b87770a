-- Rules over the fields of one dispute, beyond what fields.py says of each field by itself (type, list, length, range).
-- One rule: `-- code field [warning] [live] [if=field]`, then the condition under which it is BROKEN; NULL is not broken.
--   live      not asked of a reference register (imported records that are no prize draws)
--   if=field  can only be broken when that field is given: left out of the statement when nobody in the batch gave it
-- A column is the typed value, column_ the text as given. draw_on is draw_time's day in the register's time zone.

-- event_id.required event_id
event_id_ IS NULL;

-- event_id.type event_id
event_id_ IS NOT NULL AND event_id IS NULL;

-- reported_at.not_trusted reported_at if=reported_at
reported_at_ IS NOT NULL AND NOT $trusted;

-- is_first_hand.must_be_true is_first_hand live if=is_first_hand
NOT is_first_hand;

-- truth_statement.must_be_true truth_statement live if=truth_statement
NOT truth_statement;

-- consent_publish.must_be_true consent_publish live if=consent_publish
NOT consent_publish;

-- relation.guardian relation live if=winner_age
winner_age BETWEEN 0 AND 17 AND relation = 'winner';

-- organizer_handle.required organizer_handle live
organizer_type_ <> 'unknown' AND organizer_handle_ IS NULL AND join_ IS NULL AND organizer_code_ IS NULL;

-- organizer_display.not_kept organizer_display warning if=organizer_display
organizer_display_ IS NOT NULL AND legal_nature_ NOT IN ('company', 'public_body', 'sole_proprietor')
AND organizer_type_ NOT IN ('official_account', 'creator');

-- entity_reg_no.companies_only entity_reg_no if=entity_reg_no
entity_reg_no_ IS NOT NULL AND legal_nature_ NOT IN ('company', 'public_body', 'sole_proprietor');

-- entity_reg_no.check_digit entity_reg_no if=entity_reg_no
-- GB 32100: 18 characters without I, O, S, V, Z; the weighted sum modulo 31 gives the last one.
length(entity_reg_no_) <= 18 AND NOT coalesce(regexp_full_match(entity_reg_no_, '[0-9A-HJ-NP-RTUW-Y]{18}') AND substr(entity_reg_no_, 18, 1) = substr(
    '0123456789ABCDEFGHJKLMNPQRTUWXY',
    1 + (31 - CAST(list_sum(list_transform(
        list_zip(string_split(substr(entity_reg_no_, 1, 17), ''),
                 [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]),
        lambda p: (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', p[1]) - 1) * p[2])) AS BIGINT) % 31) % 31, 1), true);

-- draw_time.too_early draw_time live if=draw_time
draw_time BETWEEN TIMESTAMP '1990-01-01' AND TIMESTAMP '2014-12-31 23:59:59.999999';

-- entered_on.after_draw entered_on if=entered_on
entered_on > draw_on AND entered_on <= $today;

-- win_notice_on.before_draw win_notice_on if=win_notice_on
win_notice_on < draw_on AND draw_time <= $now;

-- winners_count.above_entrants winners_count if=winners_count
winners_count > entrants_count;

-- draws_source.required draws_source live if=draws_known
draws_known_ IS NOT NULL AND draws_source_ IS NULL;

-- draws_counted_on.required draws_counted_on live if=draws_known
draws_known_ IS NOT NULL AND draws_counted_on_ IS NULL;

-- draws_known.required draws_known if=draws_source
draws_source_ IS NOT NULL AND draws_known_ IS NULL;

-- prize_value.required prize_value live
prize_value_ IS NULL AND value_unknown IS DISTINCT FROM true;

-- prize_value.not_above_zero prize_value if=prize_value
prize_value <= 0;

-- prize_value.and_unknown prize_value if=value_unknown
prize_value_ IS NOT NULL AND value_unknown;

-- prize_value.above_cap prize_value warning if=prize_value
prize_value > 50000 AND currency_ = 'CNY';

-- prize_value.ask_again prize_value warning if=prize_value
prize_value > 100000;

-- value_unknown.noted value_unknown warning live if=value_unknown
value_unknown AND prize_value_ IS NULL;

-- currency.required currency if=prize_value
prize_value_ IS NOT NULL AND currency_ IS NULL;

-- claim_made_on.before_win claim_made_on if=claim_made_on
claim_made_on < win_notice_on AND win_notice_on <= $today;

-- claim_deadline.missed claim_deadline warning if=claim_deadline
claim_made_on > claim_deadline AND NOT contains(';' || dispute_reason_ || ';' || coalesce(reasons_secondary_, '') || ';', ';deadline_missed;');

-- refused_on.required refused_on live
refusal_mode_ IN ('explicit', 'blocked', 'conditional', 'reduced') AND refused_on_ IS NULL;

-- refused_on.before_win refused_on if=refused_on
refused_on < win_notice_on AND win_notice_on <= $today;

-- reasons_secondary.repeats_primary reasons_secondary if=reasons_secondary
contains(';' || reasons_secondary_ || ';', ';' || dispute_reason_ || ';');

-- reason_other.required reason_other live
dispute_reason_ = 'other' AND reason_other_ IS NULL;

-- refusal_text.required refusal_text live
refusal_mode_ = 'explicit' AND refusal_text_ IS NULL;

-- stated_before_entry.required stated_before_entry live
dispute_reason_ = 'unstated_condition' AND stated_before_entry_ IS NULL;

-- stated_before_entry.was_stated stated_before_entry if=stated_before_entry
dispute_reason_ = 'unstated_condition' AND stated_before_entry_ = 'yes';

-- amount_paid.required amount_paid live if=paid
dispute_reason_ = 'pay_to_claim' AND paid AND (amount_paid_ IS NULL OR amount_paid = 0);

-- amount_paid.below_zero amount_paid if=amount_paid
amount_paid < 0;

-- last_try_on.before_first last_try_on if=last_try_on
last_try_on < first_try_on;

-- withdraw_reason.required withdraw_reason if=withdrawn_on
withdrawn_on_ IS NOT NULL AND withdraw_reason_ IS NULL;

-- withdrawn_on.required withdrawn_on if=withdraw_reason
withdraw_reason_ IS NOT NULL AND withdrawn_on_ IS NULL;

-- cross.void_needs_explicit refusal_mode live
dispute_reason_ = 'declared_void' AND refusal_mode_ <> 'explicit';

-- cross.blocked_needs_data data_given live
dispute_reason_ = 'blocked_after_address' AND NOT regexp_matches(coalesce(data_given_, ''), '(^|;)(address|phone)(;|$)');

-- cross.blocked_needs_block refusal_mode live
dispute_reason_ = 'blocked_after_address' AND refusal_mode_ <> 'blocked';

-- cross.no_response_tries tries_count live
dispute_reason_ = 'no_response' AND coalesce(tries_count, 0) < 2;

-- cross.no_response_apart last_try_on live
dispute_reason_ = 'no_response' AND (last_try_on_ IS NULL OR first_try_on_ IS NULL OR last_try_on < first_try_on + 3);

-- cross.no_response_wait first_try_on live
dispute_reason_ = 'no_response' AND $today < first_try_on + 7;
