-- Days of a listed organizer's draws on file in a span, without numbers, where enough is on file of the organizer.
SELECT DISTINCT d.draw_on
FROM mart.organizer o JOIN mart.dispute d ON d.organizer_id = o.organizer_id
WHERE o.public_code = $code AND o.publication = 'listed' AND o.disputes >= $least
  AND d.in_base AND d.draw_on BETWEEN $first AND $last
ORDER BY d.draw_on;
