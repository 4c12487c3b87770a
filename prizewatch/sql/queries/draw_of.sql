-- The organizer and the draw a report is about, as its latest version says.
SELECT CAST(organizer_id AS VARCHAR) AS organizer_id, CAST(draw_id AS VARCHAR) AS draw_id
FROM core.filing
WHERE dispute_id = CAST($dispute AS UUID);
