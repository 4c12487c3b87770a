-- What was decided about an organizer, the oldest first.
SELECT m.recorded_at AS moment, 'decision' AS what, m.action, coalesce(m.reason_code, '') AS reason_code, m.sentence, m.actor, m.second,
       m.event_id, EXISTS (FROM log.moderation u WHERE u.undoes = m.event_id) AS undone, m.commit_no
FROM log.moderation m WHERE m.subject_kind = 'organizer' AND m.subject_id = $organizer
ORDER BY m.commit_no, moment, m.event_id
