-- Stage events as they stand: the latest version of each, a promise two weeks overdue read as no response.
SELECT e.dispute_id, e.stage_event_id, e.commit_no, e.seq, e.stage, e.entered_on, e.closed_on,
       e.outcome, c.counts_as, c.counts_as <> 'not_an_attempt' AS attempted,
       e.platform_action, e.relief_value, e.response_kind, e.first_response_hours,
       coalesce(e.relief_on, e.closed_on, e.entered_on) AS relief_day,
       greatest(e.entered_on, e.closed_on, e.relief_on) AS last_on,
       CASE WHEN e.outcome = 'promised' THEN e.promised_on + 15 END AS overdue_on
FROM (
    SELECT v.* REPLACE (
        CASE WHEN v.outcome = 'promised' AND v.promised_on + 14 < k.as_of THEN 'no_response' ELSE v.outcome END AS outcome
    )
    FROM events v, clock k
    QUALIFY row_number() OVER (
        PARTITION BY v.stage_event_id ORDER BY v.version DESC, v.commit_no DESC, v.event_id DESC
    ) = 1
) e
JOIN ref.code c ON c.list = 'stage_outcome' AND c.code = e.outcome
