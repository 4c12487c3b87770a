-- Reads the text of a batch's evidence into types and judges every row.
SELECT
    k, n, coalesce(own_id, CAST(md5(concat(filed_as, '/evidence/', row_number() OVER (PARTITION BY n ORDER BY k))) AS UUID)) AS event_id,
    {names}, {broken} AS broken
FROM (
    SELECT b.k, b.n, try_cast(b.event_id_ AS UUID) AS own_id, d.event_id AS filed_as, {typed}
    FROM batch_evidence b JOIN staged_dispute d USING (n)
)
ORDER BY k
