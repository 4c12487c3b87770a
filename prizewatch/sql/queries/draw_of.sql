-- The organizer and the draw a published report is about, as its latest version says.
SELECT CAST(f.organizer_id AS VARCHAR) AS organizer_id, CAST(f.draw_id AS VARCHAR) AS draw_id
FROM core.filing f JOIN mart.dispute d ON d.dispute_id = f.dispute_id
WHERE f.dispute_id = CAST($dispute AS UUID) AND d.status <> 'withdrawn'
      AND d.moderation IN ('published_masked', 'published_named');
