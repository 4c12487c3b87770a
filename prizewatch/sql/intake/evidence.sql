-- Reads the text of a batch's evidence into types and judges every row. seq is its place in the dispute filed as `filed_as`.
SELECT
    k, n, coalesce(own_id, CAST(md5(concat(CAST(filed_as AS UUID), '/evidence/', seq)) AS UUID)) AS event_id,
    {names}, {broken} AS broken
FROM (SELECT k, n, seq, filed_as, try_cast(event_id_ AS UUID) AS own_id, {typed} FROM batch_evidence)
