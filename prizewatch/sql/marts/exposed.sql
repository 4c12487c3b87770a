-- Answers (fold_answer) with the distinct people and draws on file against their organizer strictly before their report was
-- filed, as far as those reports are in the base set now: what is pending, withdrawn or held out counts for nothing.
-- Totals instead of what came before would give a false trend: action stops the count (S6).
WITH people AS (
    SELECT organizer_id, first_at, count(*) OVER (PARTITION BY organizer_id ORDER BY first_at) AS so_far FROM (
        SELECT organizer_id, reporter_key, min(reported_at) AS first_at FROM mart.dispute
        WHERE in_base AND organizer_id IN (SELECT organizer_id FROM fold_answer) GROUP BY organizer_id, reporter_key)
),
draws AS (
    SELECT organizer_id, first_at, count(*) OVER (PARTITION BY organizer_id ORDER BY first_at) AS so_far FROM (
        SELECT organizer_id, draw_id, min(reported_at) AS first_at FROM mart.dispute
        WHERE in_base AND organizer_id IN (SELECT organizer_id FROM fold_answer) GROUP BY organizer_id, draw_id)
)
SELECT a.*, coalesce(p.so_far, 0) AS exposure_reporters, coalesce(w.so_far, 0) AS exposure_draws
FROM fold_answer a
ASOF LEFT JOIN people p ON p.organizer_id = a.organizer_id AND p.first_at < a.filed_at
ASOF LEFT JOIN draws w ON w.organizer_id = a.organizer_id AND w.first_at < a.filed_at
