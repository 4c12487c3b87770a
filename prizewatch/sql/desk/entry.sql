-- Who saw and did what: the audit, and decisions, which stand in the log of the register itself.
SELECT entry_no, recorded_at, actor, role, action, subject_kind, subject_id, detail
FROM log.audit
UNION ALL
SELECT NULL, recorded_at, actor, '', 'decided', subject_kind, subject_id,
       concat_ws('; ', action, nullif(reason_code, ''), '+ ' || nullif(second, ''))
FROM log.moderation
WHERE actor NOT LIKE 'import:%'
UNION ALL
SELECT NULL, recorded_at, actor, '', 'two_persons', subject_kind, subject_id, concat_ws('; ', kind, action)
FROM log.proposal
UNION ALL
SELECT NULL, recorded_at, actor, '', 'notice_step', 'notice', notice_id, concat_ws('; ', kind, nullif(reason_code, ''))
FROM log.notice_event
WHERE actor NOT IN ('', 'sender', 'reporter')
