-- What organizer rows are made of: everything on file. A merged organizer speaks for those it took over.
seen AS (
    SELECT coalesce(m.canonical_id, o.organizer_id) AS organizer_id, m.canonical_id IS NULL AS own,
           o.organizer_type, o.legal_nature, o.host_platform, o.display_name, o.handle, o.seen_on, o.commit_no, o.event_id,
           o.reason
    FROM log.organizer o LEFT JOIN mart.organizer_merge m ON m.organizer_id = o.organizer_id
    WHERE o.kind = 'seen'
),
counted_draws AS (
    SELECT coalesce(m.canonical_id, o.organizer_id) AS organizer_id,
           max_by(o.draws_known, row(o.observed_on, o.commit_no, o.event_id)) AS draws_known,
           max_by(o.source_kind, row(o.observed_on, o.commit_no, o.event_id)) AS draws_source,
           max(o.observed_on) AS draws_counted_on
    FROM log.draw_count o LEFT JOIN mart.organizer_merge m ON m.organizer_id = o.organizer_id
    GROUP BY ALL
),
organizer_decisions AS (
    SELECT subject_id AS organizer_id, action, related_id, commit_no, recorded_at, event_id
    FROM log.moderation WHERE subject_kind = 'organizer' AND undoes IS NULL
        AND event_id NOT IN (SELECT undoes FROM log.moderation WHERE undoes IS NOT NULL)
),
organizer_replies AS (
    SELECT coalesce(m.canonical_id, o.organizer_id) AS organizer_id, o.answer, o.published, o.replied_on, o.commit_no, o.event_id
    FROM core.reply o LEFT JOIN mart.organizer_merge m ON m.organizer_id = o.organizer_id
),
picked_dispute AS (SELECT * FROM mart.dispute)
