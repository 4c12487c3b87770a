-- Whose draw it is.
SELECT organizer_id FROM mart.dispute WHERE draw_id = $draw GROUP BY organizer_id ORDER BY count(*) DESC, organizer_id LIMIT 1
