-- Hours to the first answer, by stage and by who answered.
SELECT stage, response_kind, hours, n FROM mart.first_response ORDER BY stage, response_kind, hours;
