-- Decided events at platforms whose answer is known, with what was on file before.
SELECT exposure_reporters AS reporters, exposure_draws AS draws, (acted = 'yes')::INTEGER AS acted,
       dense_rank() OVER (ORDER BY organizer_id) AS organizer
FROM mart.answer
WHERE closed AND acted <> 'unknown'
ORDER BY organizer, filed_at, stage_event_id;
