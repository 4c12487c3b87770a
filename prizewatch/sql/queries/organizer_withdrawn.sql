-- Of the published reports about an organizer, those withdrawn a day or more after they came: who filed by mistake is not
-- among them. Settled matters stay as resolved, and who was pressed to withdraw stays counted.
SELECT count(*) AS withdrawn
FROM mart.dispute d
JOIN (SELECT dispute_id, min(recorded_at) AS came_at, max(recorded_at) AS last_at FROM log.filing GROUP BY dispute_id) f
    ON f.dispute_id = d.dispute_id
WHERE d.organizer_id = $organizer AND d.status = 'withdrawn' AND d.moderation IN ('published_masked', 'published_named')
      AND f.last_at - f.came_at > INTERVAL 24 HOUR;
