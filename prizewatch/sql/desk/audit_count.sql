-- How many entries there are.
SELECT count(*)
FROM entry
WHERE ($actor = '' OR actor = $actor)
  AND ($action = '' OR action = $action)
  AND ($subject = '' OR starts_with(replace(CAST(subject_id AS VARCHAR), '-', ''), $subject))
