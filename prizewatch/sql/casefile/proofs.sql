-- The evidence of these reports, by what it shows. What was named first and came as a file later is one item.
SELECT e.dispute_id, e.kind, e.form, c.grp, e.captured_on, e.sha256, e.media_type, e.redacted
FROM log.evidence e JOIN ref.code c ON c.list = 'evidence_kind' AND c.code = e.kind
WHERE e.dispute_id IN (SELECT CAST(unnest($disputes) AS UUID))
QUALIFY e.sha256 IS NOT NULL OR NOT bool_or(e.sha256 IS NOT NULL) OVER (PARTITION BY e.dispute_id, e.kind)
ORDER BY e.dispute_id, coalesce(c.grp, 'Z'), c.position, e.captured_on NULLS LAST, e.commit_no, e.event_id
