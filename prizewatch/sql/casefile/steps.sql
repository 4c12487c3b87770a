-- The stage events of these reports as they stand. Channel and case number are the reporter's own and stay out.
SELECT dispute_id, seq, stage, target_entity, entered_on, closed_on, outcome, promised_on, response_kind, platform_action,
       skip_reason, relief, relief_value, relief_on
FROM log.stage_event WHERE dispute_id IN (SELECT CAST(unnest($disputes) AS UUID))
QUALIFY row_number() OVER (PARTITION BY stage_event_id ORDER BY version DESC, commit_no DESC, event_id DESC) = 1
ORDER BY dispute_id, seq, stage_event_id
