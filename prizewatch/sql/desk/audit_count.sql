-- How many entries there are.
SELECT count(*)
FROM entry
WHERE ($actor = '' OR actor = $actor)
  AND ($action = '' OR action = $action)
  AND (CAST($subject AS UUID) IS NULL OR subject_id = CAST($subject AS UUID))
