-- Pairs that a moderator said are two, or took apart again. Once the first was a row of log.organizer: older ones stay so.
SELECT subject_id, related_id FROM core.decision WHERE action = 'keep_apart'
UNION
SELECT organizer_id, into_id FROM log.organizer WHERE kind = 'distinct'
UNION
SELECT s.organizer_id, m.into_id
FROM log.organizer s JOIN log.organizer m ON m.organizer_id = s.organizer_id AND m.kind = 'merged' AND m.commit_no < s.commit_no
WHERE s.kind = 'split'
