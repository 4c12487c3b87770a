-- Why reports were held, rejected, removed or asked about: decisions of people, by action and reason.
SELECT action, coalesce(reason_code, '') AS reason, count(*) AS n
FROM core.decision
WHERE subject_kind = 'dispute' AND action IN ('ask', 'hold', 'reject', 'remove') AND actor <> 'screen'
GROUP BY action, reason
ORDER BY action, reason;
