-- What the exact-handle answer rests on: one organizer by its keyed id, after merges.
SELECT organizer_type, reporters, k_ind
FROM mart.organizer
WHERE organizer_id = $organizer;
