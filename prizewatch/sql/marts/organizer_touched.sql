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
namings AS (
    -- In a reference register the source names, and goes on naming.
    SELECT organizer_id, max(commit_no) AS named_in FROM organizer_decisions
    WHERE action = 'name' AND NOT EXISTS (FROM core.setting WHERE kind = 'reference')
    GROUP BY organizer_id
),
called AS (
    -- What may be shown of the names: those on file when it was named, and later ones a person accepted. A decision is about
    -- a name and handle, wherever they stand.
    SELECT s.*,
           CASE a.action WHEN 'accept_name' THEN TRUE WHEN 'decline_name' THEN FALSE
                ELSE s.commit_no <= coalesce(n.named_in, s.commit_no) END AS shown
    FROM seen s
    LEFT JOIN namings n ON n.organizer_id = s.organizer_id
    LEFT JOIN (
        SELECT d.organizer_id, r.display_name, r.handle, max_by(d.action, row(d.commit_no, d.recorded_at, d.event_id)) AS action
        FROM organizer_decisions d JOIN seen r ON r.event_id = d.related_id AND r.organizer_id = d.organizer_id
        WHERE d.action IN ('accept_name', 'decline_name')
        GROUP BY d.organizer_id, r.display_name, r.handle
    ) a ON a.organizer_id = s.organizer_id
        AND a.display_name IS NOT DISTINCT FROM s.display_name AND a.handle IS NOT DISTINCT FROM s.handle
),
organizer_replies AS (
    SELECT m.canonical_id AS organizer_id, o.answer, o.published, o.replied_on, o.commit_no, o.event_id
    FROM core.reply o JOIN fold_member m ON m.organizer_id = o.organizer_id
),
picked_dispute AS (SELECT * FROM mart.dispute WHERE organizer_id IN (SELECT canonical_id FROM fold_member)),
on_file AS (SELECT organizer_id FROM seen UNION SELECT organizer_id FROM picked_dispute)
