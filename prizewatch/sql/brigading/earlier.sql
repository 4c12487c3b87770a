-- Which of these disputes were about the organizer before already: a later version of theirs is no new arrival.
SELECT DISTINCT f.dispute_id FROM log.filing f
LEFT JOIN mart.organizer_merge m ON m.organizer_id = f.organizer_id
WHERE f.dispute_id IN (SELECT unnest(CAST($disputes AS UUID[]))) AND f.recorded_at <= $since
      AND coalesce(m.canonical_id, f.organizer_id) = $organizer
