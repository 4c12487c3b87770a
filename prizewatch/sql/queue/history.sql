-- What happened to a report, the oldest first: its versions, questions and answers, decisions, those taken back included.
SELECT recorded_at AS moment, 'version' AS what, CAST(version AS VARCHAR) AS action, '' AS reason_code, NULL AS sentence,
       NULL AS actor, NULL AS second, event_id, FALSE AS undone, commit_no
FROM log.filing WHERE dispute_id = $dispute
UNION ALL
SELECT recorded_at, 'answer', 'answer', '', answered, NULL, NULL, event_id, FALSE, commit_no
FROM log.answer WHERE dispute_id = $dispute
UNION ALL
SELECT m.recorded_at, 'decision', m.action, coalesce(m.reason_code, ''), m.sentence, m.actor, m.second, m.event_id,
       EXISTS (FROM log.moderation u WHERE u.undoes = m.event_id), m.commit_no
FROM log.moderation m WHERE m.subject_kind = 'dispute' AND m.subject_id = $dispute
ORDER BY commit_no, moment, event_id
