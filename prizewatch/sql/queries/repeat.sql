-- Listed organizers that reach a level, with the numbers its rule asks for.
SELECT CAST(organizer_id AS VARCHAR) AS organizer_id, public_code, CASE WHEN named THEN display_name END AS name,
       organizer_type, host_platform, level, k_ind, level_draws, level_reporters,
       draws_known, draws_source, draws_counted_on, disputed_draws, disputes, reporters, draws, last_report_on,
       (resolved_full + resolved_partial)::BIGINT AS resolved,
       (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS decided
FROM mart.organizer
WHERE publication = 'listed' AND level <> 'none'
ORDER BY CASE level WHEN 'pervasive' THEN 0 WHEN 'repeat' THEN 1 ELSE 2 END, k_ind DESC, last_report_on DESC, public_code;
