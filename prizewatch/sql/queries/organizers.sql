-- All listed organizers that pass the filters, with the figures of one table row. Empty lists filter nothing.
SELECT CAST(organizer_id AS VARCHAR) AS organizer_id, public_code, CASE WHEN named THEN display_name END AS name,
       organizer_type, legal_nature, host_platform, level, disputes, reporters, draws,
       (resolved_full + resolved_partial)::BIGINT AS resolved,
       (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS decided,
       resolved_full, resolved_partial, closed_unresolved, undecided, at_v2,
       last_report_on, first_report_on, k_ind, level_draws, level_reporters,
       draws_known, draws_source, draws_counted_on, disputed_draws, reply
FROM mart.organizer
WHERE publication = 'listed'
ORDER BY last_report_on DESC, public_code;
