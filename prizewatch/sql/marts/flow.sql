-- organizer type x stage, over the base set: how disputes left each rung they reached; every one leaves the ladder once
SELECT organizer_type, stage,
       sum(CASE WHEN left_by = 'relief' THEN sign ELSE 0 END) AS relief,
       sum(CASE WHEN left_by = 'sanctioned' THEN sign ELSE 0 END) AS sanctioned,
       sum(CASE WHEN left_by = 'gave_up' THEN sign ELSE 0 END) AS gave_up,
       sum(CASE WHEN left_by = 'still_open' THEN sign ELSE 0 END) AS still_open,
       sum(CASE WHEN left_by = 'went_on' THEN sign ELSE 0 END) AS went_on
FROM signed_stage
GROUP BY organizer_type, stage
