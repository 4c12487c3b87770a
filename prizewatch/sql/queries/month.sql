-- Month of report x type of organizer, over the base set.
SELECT month, organizer_type,
       sum(disputes)::BIGINT AS disputes,
       sum(resolved_full + resolved_partial)::BIGINT AS resolved,
       sum(resolved_full)::BIGINT AS resolved_full,
       sum(closed_unresolved)::BIGINT AS closed,
       sum(undecided)::BIGINT AS undecided
FROM mart.month
GROUP BY month, organizer_type
HAVING sum(disputes) > 0
ORDER BY month, organizer_type;
