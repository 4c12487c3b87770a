-- Listed organizers with enough decided for a rate.
SELECT public_code, CASE WHEN named THEN display_name END AS name, organizer_type,
       (resolved_full + resolved_partial)::BIGINT AS k,
       (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS n
FROM mart.organizer
WHERE publication = 'listed' AND resolved_full + resolved_partial + closed_unresolved >= $least
ORDER BY public_code;
