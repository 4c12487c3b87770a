-- One row an organizer: who it is, what its disputes add up to, its level, and what of it may be public (domain model 3.5, 3.7).
-- Reads fold_tally (tally.sql), fold_matching and the relations of organizer_inputs.
WITH vouched AS (
    -- Who says what of an organizer: people with both proofs, in reports that count.
    SELECT DISTINCT organizer_id, reporter_key, organizer_type, legal_nature
    FROM picked_dispute WHERE in_base AND verification >= 'V2'
),
ruled AS (
    SELECT organizer_id,
           max_by(action, turn) FILTER (action IN ('name', 'unname')) AS naming,
           max_by(action, turn) FILTER (action IN ('review', 'unreview')) AS review,
           bool_or(action = 'invite_reply') AS invited
    FROM (SELECT *, row(commit_no, recorded_at, event_id) AS turn FROM organizer_decisions)
    GROUP BY organizer_id
),
known AS (
    -- What most people vouch for, so that one report, or a held one, makes no business of a person; of equals what is no
    -- business, then the latest. What was seen of the organizer itself goes before what it took over by a merge.
    SELECT organizer_id,
           max_by(organizer_type, row(turn, coalesce(t_people, 0), t_said, late)) AS organizer_type,
           max_by(legal_nature, row(turn, coalesce(n_people, 0), n_said, no_business, late)) AS legal_nature,
           max_by(host_platform, row(turn, late)) AS host_platform,
           -- The names a moderator looked at: what later reports call it waits until somebody accepts it.
           max_by(display_name, row(turn, late)) FILTER (shown) AS display_name
    FROM (
        SELECT s.*, t.people AS t_people, f.people AS n_people,
               t.organizer_type IS NOT NULL AS t_said, f.legal_nature IS NOT NULL AS n_said,
               coalesce(s.legal_nature, '') NOT IN ('company', 'public_body', 'sole_proprietor') AS no_business,
               row(s.own, s.reason IS NOT NULL) AS turn,
               row(s.seen_on IS NOT NULL, s.seen_on, s.commit_no, s.event_id) AS late
        FROM called s
        LEFT JOIN (
            SELECT organizer_id, organizer_type,
                   CASE WHEN organizer_type <> 'unknown' THEN count(DISTINCT reporter_key) ELSE 0 END AS people
            FROM vouched GROUP BY organizer_id, organizer_type
        ) t ON t.organizer_id = s.organizer_id AND t.organizer_type = s.organizer_type
        LEFT JOIN (
            SELECT organizer_id, legal_nature,
                   CASE WHEN legal_nature <> 'unknown' THEN count(DISTINCT reporter_key) ELSE 0 END AS people
            FROM vouched GROUP BY organizer_id, legal_nature
        ) f ON f.organizer_id = s.organizer_id AND f.legal_nature = s.legal_nature
    )
    GROUP BY organizer_id
),
answered AS (
    SELECT organizer_id, max_by(answer, row(replied_on, commit_no, event_id)) AS answer
    FROM organizer_replies WHERE published
    GROUP BY organizer_id
),
believed_draws AS (  -- a count that the reports themselves refute is no count
    SELECT c.* FROM counted_draws c LEFT JOIN fold_tally t USING (organizer_id)
    WHERE c.draws_known >= coalesce(t.disputed_draws, 0)
),
traits AS (
    SELECT organizer_id, k.reference,
           coalesce(n.organizer_type, t.organizer_type, 'unknown') AS organizer_type,
           coalesce(n.legal_nature, t.legal_nature, 'unknown') AS legal_nature,
           coalesce(n.host_platform, t.host_platform, 'other') AS host_platform,
           n.display_name,
           coalesce(r.naming = 'name', FALSE) AS name_stands,
           k.reference OR coalesce(r.review = 'review', FALSE) AS reviewed,
           coalesce(t.disputes, 0) AS disputes, coalesce(t.reporters, 0) AS reporters, coalesce(t.draws, 0) AS draws,
           coalesce(t.at_v2, 0) AS at_v2, coalesce(t.resolved_full, 0) AS resolved_full,
           coalesce(t.resolved_partial, 0) AS resolved_partial, coalesce(t.closed_unresolved, 0) AS closed_unresolved,
           coalesce(t.undecided, 0) AS undecided,
           coalesce(g.k_ind, least(t.level_draws, t.level_reporters), 0) AS k_ind,
           coalesce(t.level_reporters, 0) AS level_reporters, coalesce(t.level_draws, 0) AS level_draws,
           c.draws_known, c.draws_source, c.draws_counted_on,
           coalesce(t.disputed_draws, 0) AS disputed_draws,
           t.first_report_on, t.last_report_on,
           coalesce(a.answer, CASE WHEN r.invited THEN 'invited' END, 'not_invited') AS reply
    FROM on_file
    CROSS JOIN clock k
    LEFT JOIN known n USING (organizer_id)
    LEFT JOIN fold_tally t USING (organizer_id)
    LEFT JOIN fold_matching g USING (organizer_id)
    LEFT JOIN believed_draws c USING (organizer_id)
    LEFT JOIN ruled r USING (organizer_id)
    LEFT JOIN answered a USING (organizer_id)
),
classed AS (
    -- business: browsable from watch on. account: run by nobody known to be a business, only as a reviewed repeat. Else never.
    SELECT t.*,
           CASE WHEN y.grp = 'I' THEN 'never'
                WHEN t.legal_nature IN ('company', 'public_body', 'sole_proprietor') THEN 'business'
                WHEN y.grp = 'A' THEN 'account' ELSE 'never' END AS class,
           CASE WHEN k_ind >= 3 AND level_reporters >= 3 AND reviewed THEN
                    CASE WHEN draws_known >= 5 AND disputed_draws * 2 >= draws_known THEN 'pervasive' ELSE 'repeat' END
                WHEN k_ind >= 2 THEN 'watch' ELSE 'none' END AS reached_level
    FROM traits t
    LEFT JOIN ref.code y ON y.list = 'organizer_type' AND y.code = t.organizer_type
),
published AS (
    SELECT *,
           CASE WHEN reference THEN name_stands AND display_name IS NOT NULL
                WHEN class = 'business' THEN reached_level <> 'none'
                WHEN class = 'account' THEN reached_level IN ('repeat', 'pervasive')
                ELSE FALSE END AS listed
    FROM classed
)
SELECT organizer_id, core.public_code(organizer_id) AS public_code, organizer_type, legal_nature, host_platform, display_name,
       CASE WHEN listed THEN 'listed' ELSE 'lookup' END AS publication,
       listed AND name_stands AND at_v2 >= 1 AND (class <> 'account' OR level_reporters >= 2) AS named,
       CASE WHEN listed THEN reached_level ELSE 'none' END AS level,
       reviewed, disputes, reporters, draws, at_v2, resolved_full, resolved_partial, closed_unresolved, undecided,
       k_ind, level_reporters, level_draws, draws_known, draws_source, draws_counted_on, disputed_draws,
       first_report_on, last_report_on, reply
FROM published
