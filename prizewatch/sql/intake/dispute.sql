-- Reads the text of a batch's disputes into types and judges every row: `broken` is one boolean a rule.
SELECT n, event_id, {names}, draw_on, {broken} AS broken
FROM (
    SELECT *, CAST(timezone($zone, timezone('UTC', draw_time)) AS DATE) AS draw_on
    FROM (SELECT n, event_id_, try_cast(event_id_ AS UUID) AS event_id, {typed} FROM batch_dispute)
)
