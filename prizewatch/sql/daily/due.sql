-- Disputes whose retention time is over (domain model 3.7): so many months after closing, by whom they are about. What is
-- held, open, or erased already is not among them.
WITH closed AS (
    SELECT d.dispute_id, d.organizer_id, greatest(d.ended_on, d.last_update_on, r.decided_on) AS closed_on
    FROM mart.dispute d
    LEFT JOIN (
        SELECT subject_id, max(CAST(recorded_at AS DATE)) AS decided_on FROM log.moderation
        WHERE subject_kind = 'dispute' GROUP BY subject_id
    ) r ON r.subject_id = d.dispute_id
    WHERE d.status <> 'open' AND d.moderation NOT IN ('hold_legal', 'pending', 'needs_info')
          AND d.dispute_id NOT IN (SELECT dispute_id FROM log.erasure)
)
SELECT c.dispute_id
FROM closed c
LEFT JOIN mart.organizer o ON o.organizer_id = c.organizer_id
LEFT JOIN ref.code y ON y.list = 'organizer_type' AND y.code = o.organizer_type
WHERE c.closed_on + to_months(CASE
    WHEN y.grp <> 'I' AND o.legal_nature IN ('company', 'public_body', 'sole_proprietor') THEN $business
    WHEN y.grp = 'A' THEN $account
    ELSE $person END) <= $as_of
ORDER BY c.dispute_id
