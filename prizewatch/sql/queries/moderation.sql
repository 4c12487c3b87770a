-- What became of the reports of each month. Every report stands in one column; who did not agree to be published, in none.
SELECT month,
       count(*)::BIGINT AS received,
       count(*) FILTER (WHERE in_base)::BIGINT AS published,
       count(*) FILTER (WHERE moderation IN ('pending', 'needs_info'))::BIGINT AS waiting,
       count(*) FILTER (WHERE moderation = 'hold_legal')::BIGINT AS held,
       count(*) FILTER (WHERE moderation = 'rejected')::BIGINT AS rejected,
       count(*) FILTER (WHERE moderation = 'removed')::BIGINT AS removed,
       count(*) FILTER (WHERE NOT in_base AND moderation IN ('merged', 'published_masked', 'published_named'))::BIGINT AS left_out
FROM mart.dispute
WHERE moderation <> 'draft'
GROUP BY month
ORDER BY month;
