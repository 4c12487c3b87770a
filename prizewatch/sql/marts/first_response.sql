-- stage x kind of first answer x hours until it came: events of disputes in the base set
SELECT stage, response_kind, response_hours AS hours, sum(sign) AS n
FROM signed_answer WHERE response_hours IS NOT NULL
GROUP BY stage, response_kind, response_hours
