-- Every file the log speaks of, with the latest version of its report, whether and why that was withdrawn, and whether it
-- came in here: an import may name files that lie elsewhere.
SELECT lower(e.sha256) AS sha256, e.dispute_id, l.event_id, l.withdrawn_on, l.withdraw_reason, l.source IN ('form', 'api') AS here
FROM log.evidence e
JOIN (
    SELECT dispute_id, max_by(event_id, version) AS event_id, arg_max_null(withdrawn_on, version) AS withdrawn_on,
           arg_max_null(withdraw_reason, version) AS withdraw_reason, any_value(source) AS source
    FROM log.filing GROUP BY dispute_id
) l ON l.dispute_id = e.dispute_id
WHERE e.sha256 IS NOT NULL AND e.sha256 <> 'erased'
