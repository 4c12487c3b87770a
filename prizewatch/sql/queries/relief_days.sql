-- Days from entering a stage to the relief that is credited to it.
SELECT organizer_type, days, sum(n)::BIGINT AS n FROM mart.time
WHERE stage = $stage AND ended = 'relief'
GROUP BY organizer_type, days
ORDER BY days;
