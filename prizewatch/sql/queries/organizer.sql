-- One listed organizer by its public code. Nobody else is ever found here.
SELECT CAST(organizer_id AS VARCHAR) AS organizer_id, public_code, CASE WHEN named THEN display_name END AS name,
       organizer_type, legal_nature, host_platform, level, named, reviewed,
       disputes, reporters, draws, at_v2, resolved_full, resolved_partial, closed_unresolved, undecided,
       k_ind, level_reporters, level_draws, draws_known, draws_source, draws_counted_on, disputed_draws,
       first_report_on, last_report_on, reply
FROM mart.organizer
WHERE public_code = $code AND publication = 'listed';
