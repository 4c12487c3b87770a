-- What must be known of an organizer before it is decided, and the last commit of a decision about it. Always one row;
-- there: whether anything is on file of it.
WITH decided AS (
    SELECT max_by(action, turn) FILTER (action IN ('name', 'unname')) AS naming,
           max_by(action, turn) FILTER (action IN ('review', 'unreview')) AS review,
           max(recorded_at) FILTER (action = 'invite_reply') AS invited_at
    FROM (SELECT *, row(commit_no, recorded_at, event_id) AS turn FROM core.decision
          WHERE subject_kind = 'organizer' AND subject_id = $subject)
)
SELECT coalesce(o.publication = 'listed', FALSE) AS listed,
       coalesce(o.legal_nature NOT IN ('company', 'public_body', 'sole_proprietor'), TRUE) AS account,
       o.display_name IS NOT NULL AS has_name, coalesce(o.at_v2, 0) AS at_v2, coalesce(o.level_reporters, 0) AS reporters,
       coalesce(d.naming = 'name', FALSE) AS named, coalesce(d.review = 'review', FALSE) AS reviewed, d.invited_at,
       EXISTS (FROM log.reply WHERE organizer_id = $subject) AS replied,
       m.canonical_id AS into_id,
       coalesce(om.canonical_id, $related) AS other_into,
       EXISTS (FROM mart.organizer WHERE organizer_id = coalesce(om.canonical_id, $related)) AND $related IS DISTINCT FROM $subject
           AS other_there,
       EXISTS (
           FROM log.organizer s LEFT JOIN mart.organizer_merge sm ON sm.organizer_id = s.organizer_id
           WHERE s.event_id = $related AND s.kind = 'seen' AND coalesce(sm.canonical_id, s.organizer_id) = $subject
       ) AS name_there,
       EXISTS (
           FROM core.decision WHERE action = 'keep_apart'
           AND (subject_id = $subject AND related_id = $related OR subject_id = $related AND related_id = $subject)
       ) AS apart,
       o.organizer_id IS NOT NULL OR m.organizer_id IS NOT NULL AS there,
       (SELECT max(commit_no) FROM (
           SELECT commit_no FROM log.moderation WHERE subject_kind = 'organizer' AND subject_id = $subject
           UNION ALL SELECT commit_no FROM log.organizer WHERE organizer_id = $subject AND kind IN ('merged', 'split')
       )) AS last_commit
FROM decided d
LEFT JOIN mart.organizer o ON o.organizer_id = $subject
LEFT JOIN mart.organizer_merge m ON m.organizer_id = $subject
LEFT JOIN mart.organizer_merge om ON om.organizer_id = $related
