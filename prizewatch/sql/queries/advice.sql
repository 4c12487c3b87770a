-- What came of going from one rung to the next.
SELECT organizer_type, came_from, stage, verification, decided, relief FROM mart.advice
ORDER BY organizer_type, came_from, stage, verification;
