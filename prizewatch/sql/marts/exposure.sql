-- people x draws on file against the organizer before (in bins) of decided events at a platform: what the platform did
SELECT CASE WHEN exposure_reporters >= 10 THEN '10+' WHEN exposure_reporters >= 5 THEN '5-9' WHEN exposure_reporters >= 3 THEN '3-4' ELSE CAST(exposure_reporters AS VARCHAR) END AS reporters,
       CASE WHEN exposure_draws >= 10 THEN '10+' WHEN exposure_draws >= 5 THEN '5-9' WHEN exposure_draws >= 3 THEN '3-4' ELSE CAST(exposure_draws AS VARCHAR) END AS draws,
       sum(sign) AS events,
       sum(CASE WHEN acted = 'yes' THEN sign ELSE 0 END) AS acted,
       sum(CASE WHEN acted = 'unknown' THEN sign ELSE 0 END) AS unknown
FROM signed_answer WHERE closed
GROUP BY ALL
