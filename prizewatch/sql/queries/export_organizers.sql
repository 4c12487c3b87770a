-- Every listed organizer for the file. Accounts run by a natural person or by nobody knows whom leave coded: without their name.
SELECT public_code,
       CASE WHEN named AND legal_nature IN ('company', 'public_body', 'sole_proprietor') THEN display_name END AS name,
       organizer_type, legal_nature, host_platform, level, disputes, reporters, draws, at_v2,
       (resolved_full + resolved_partial)::BIGINT AS resolved,
       resolved_full, resolved_partial, closed_unresolved, undecided,
       (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS decided,
       first_report_on, last_report_on, reply
FROM mart.organizer
WHERE publication = 'listed'
ORDER BY public_code;
