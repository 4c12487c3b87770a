-- Requests for erasure, the newest first, with what became of each; of one dispute, if given.
SELECT r.request_id, r.dispute_id, r.kept, r.recorded_at AS asked_at,
       CASE WHEN d.erased_at IS NOT NULL THEN 'done' ELSE coalesce(e.kind, 'asked') END AS state,
       coalesce(d.erased_at, e.recorded_at) AS answered_at, coalesce(e.sentence, '') AS sentence
FROM log.erasure_request r
LEFT JOIN log.erasure_request e ON e.request_id = r.request_id AND e.kind <> 'asked'
LEFT JOIN (
    SELECT dispute_id, max(commit_no) AS commit_no, max(recorded_at) AS erased_at FROM log.erasure GROUP BY dispute_id
) d ON d.dispute_id = r.dispute_id AND d.commit_no > r.commit_no AND e.kind IS NULL
WHERE r.kind = 'asked' AND (CAST($dispute AS UUID) IS NULL OR r.dispute_id = CAST($dispute AS UUID))
ORDER BY r.commit_no DESC, r.event_id
