-- The stage events of a report as they stand, in their order. said_at: since when the outcome was said to be this one.
SELECT *, min(recorded_at) OVER (PARTITION BY stage_event_id, outcome) AS said_at FROM log.stage_event WHERE dispute_id = $dispute
QUALIFY row_number() OVER (PARTITION BY stage_event_id ORDER BY version DESC, commit_no DESC, event_id DESC) = 1
ORDER BY seq, stage_event_id
