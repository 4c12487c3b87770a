-- What the exact-handle answer rests on: the organizer a keyed id stands for, after merges. Whose reports were all erased
-- in detail because their time was over is not told of any more.
WITH o AS (
    SELECT * FROM mart.organizer WHERE organizer_id = coalesce(
        (SELECT any_value(canonical_id) FROM mart.organizer_merge WHERE organizer_id = $organizer::UUID), $organizer::UUID)
),
mine AS (
    SELECT reporter_key, bool_and(dispute_id IN (SELECT dispute_id FROM log.erasure)) AS gone
    FROM mart.dispute WHERE organizer_id = (SELECT organizer_id FROM o) AND in_base GROUP BY reporter_key
)
SELECT organizer_type, reporters - (SELECT count(*) FROM mine WHERE gone) AS reporters, k_ind FROM o;
