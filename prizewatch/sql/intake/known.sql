-- Which rows are on file already: by their event (the same report again), by their dispute (another report of the same matter).
WITH i AS (SELECT n, CAST(event_id AS UUID) AS event_id, CAST(dispute_id AS UUID) AS dispute_id FROM staged_id)
SELECT i.n, true AS same_event FROM i JOIN log.filing f ON f.event_id = i.event_id
UNION ALL
SELECT i.n, false FROM i JOIN log.filing f ON f.dispute_id = i.dispute_id
