-- What organizer rows are made of: those in fold_member (organizer and the one it stands for) only.
seen AS (
    SELECT m.canonical_id AS organizer_id, m.canonical_id = o.organizer_id AS own,
           o.organizer_type, o.legal_nature, o.host_platform, o.display_name, o.handle, o.seen_on, o.commit_no, o.event_id,
           o.reason
    FROM log.organizer o JOIN fold_member m ON m.organizer_id = o.organizer_id
    WHERE o.kind = 'seen'
),
counted_draws AS (
    SELECT m.canonical_id AS organizer_id,
           max_by(o.draws_known, row(o.observed_on, o.commit_no, o.event_id)) AS draws_known,
           max_by(o.source_kind, row(o.observed_on, o.commit_no, o.event_id)) AS draws_source,
           max(o.observed_on) AS draws_counted_on
    FROM log.draw_count o JOIN fold_member m ON m.organizer_id = o.organizer_id
    GROUP BY ALL
),
organizer_decisions AS (
    SELECT o.subject_id AS organizer_id, o.action, o.related_id, o.commit_no, o.recorded_at, o.event_id
    FROM log.moderation o JOIN fold_member m ON m.organizer_id = o.subject_id AND m.canonical_id = o.subject_id
    WHERE o.subject_kind = 'organizer' AND o.undoes IS NULL
        AND o.event_id NOT IN (SELECT undoes FROM log.moderation WHERE undoes IS NOT NULL)
),
organizer_replies AS (
    SELECT m.canonical_id AS organizer_id, o.answer, o.published, o.replied_on, o.commit_no, o.event_id
    FROM core.reply o JOIN fold_member m ON m.organizer_id = o.organizer_id
),
picked_dispute AS (SELECT * FROM mart.dispute WHERE organizer_id IN (SELECT canonical_id FROM fold_member))
