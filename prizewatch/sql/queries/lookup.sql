-- What the exact-handle answer rests on: the organizer a keyed id stands for, after merges.
SELECT organizer_type, reporters, k_ind
FROM mart.organizer
WHERE organizer_id = coalesce(
    (SELECT any_value(canonical_id) FROM mart.organizer_merge WHERE organizer_id = $organizer::UUID), $organizer::UUID);
