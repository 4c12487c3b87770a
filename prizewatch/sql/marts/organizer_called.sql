-- What follows from organizer_all or organizer_touched: what may be shown of the names, and who is on file.
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
on_file AS (SELECT organizer_id FROM seen UNION SELECT organizer_id FROM picked_dispute)
