-- The organizer of a case file. The name only where it may be shown, the totals only where they are public.
SELECT o.organizer_id, o.public_code, o.organizer_type, o.legal_nature, o.host_platform, o.publication = 'listed' AS listed,
       CASE WHEN o.named THEN o.display_name END AS name, o.level, o.reply,
       o.disputes, o.reporters, o.draws, o.at_v2, o.resolved_full + o.resolved_partial AS settled, o.k_ind,
       o.draws_known, o.draws_source, o.draws_counted_on, o.disputed_draws
FROM mart.organizer o WHERE o.organizer_id = $organizer
