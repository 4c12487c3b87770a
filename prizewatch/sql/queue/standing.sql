-- How a report counts.
SELECT * EXCLUDE (reporter_key) FROM mart.dispute WHERE dispute_id = $dispute
