-- Type of organizer x main reason, over the base set.
SELECT organizer_type, dispute_reason,
       sum(disputes)::BIGINT AS disputes,
       sum(resolved_full + resolved_partial)::BIGINT AS resolved,
       sum(closed_unresolved)::BIGINT AS closed,
       sum(undecided)::BIGINT AS undecided
FROM mart.reason
GROUP BY organizer_type, dispute_reason
HAVING sum(disputes) > 0
ORDER BY organizer_type, dispute_reason;
