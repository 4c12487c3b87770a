-- Reports about an organizer in the last three months, today's not among them: those that count, as the fold has them.
SELECT count(*) FROM mart.dispute
WHERE organizer_id = coalesce(
    (SELECT any_value(canonical_id) FROM mart.organizer_merge WHERE organizer_id = $organizer::UUID), $organizer::UUID)
    AND in_base AND reported_on >= $since AND reported_on < $since + 90
