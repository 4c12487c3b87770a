-- organizer type x stage entered ('': the claim itself) x days until the dispute ended or was last heard of, over the base set.
-- ended: relief (at a stage: credited there), relief_elsewhere, gave_up, or censored while it is open or lost.
SELECT organizer_type, stage, days, ended, sum(sign) AS n
FROM (
    SELECT sign, greatest(0, ended_on - claim_on) AS days, organizer_type, '' AS stage,
           CASE WHEN status IN ('resolved_full', 'resolved_partial') THEN 'relief'
                WHEN status = 'closed_unresolved' THEN 'gave_up' ELSE 'censored' END AS ended
    FROM signed_dispute
    UNION ALL
    SELECT sign, greatest(0, ended_on - entered_on) AS days, organizer_type, stage,
           CASE WHEN left_by = 'relief' THEN 'relief'
                WHEN status IN ('resolved_full', 'resolved_partial') THEN 'relief_elsewhere'
                WHEN status = 'closed_unresolved' THEN 'gave_up' ELSE 'censored' END AS ended
    FROM signed_stage WHERE reached
)
GROUP BY organizer_type, stage, days, ended
