-- Type of organizer x stage: how disputes left each rung they reached.
SELECT organizer_type, stage, relief, sanctioned, gave_up, still_open, went_on
FROM mart.flow
ORDER BY organizer_type, stage;
