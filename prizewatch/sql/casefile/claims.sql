-- The reports of a case file, in the order they are numbered. Words are there only with their own consent.
SELECT c.dispute_id, c.draw_id, c.reporter_key, c.status, c.verification, c.draw_on, c.reported_on, c.last_update_on,
       c.host_platform, c.lottery_tool, c.dispute_reason, c.prize_kind,
       f.win_notice_on, f.claim_made_on, f.refused_on, f.refusal_mode, f.reasons_secondary, f.stated_before_entry, f.conditions,
       f.prize_value, f.currency, f.value_basis, f.paid, f.amount_paid, f.tries_count, f.first_try_on, f.last_try_on,
       f.winners_count, f.gave_up_on, f.partial_accepted_on,
       r.answer AS reply, r.words AS reply_words, r.replied_on,
       CASE WHEN f.consent_narrative THEN f.draw_title END AS draw_title,
       CASE WHEN f.consent_narrative THEN f.refusal_text END AS refusal_text,
       CASE WHEN f.consent_narrative THEN f.reason_other END AS reason_other,
       CASE WHEN f.consent_narrative THEN f.narrative END AS narrative
FROM core.case_claim c JOIN log.filing f ON f.event_id = c.filing_id
LEFT JOIN (
    -- What the organizer answered to this very report, last.
    SELECT * FROM core.reply WHERE published AND dispute_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY dispute_id ORDER BY replied_on DESC, commit_no DESC, event_id DESC) = 1
) r ON r.dispute_id = c.dispute_id
WHERE c.organizer_id = $organizer AND ($draw IS NULL OR c.draw_id = CAST($draw AS UUID))
ORDER BY c.draw_on NULLS LAST, f.win_notice_on NULLS LAST, c.reported_at, c.dispute_id
