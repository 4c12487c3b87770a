-- What may tell that two organizers are one: what was seen of each, after merges, and whether it only ever borrowed a name.
SELECT a.canonical_id AS organizer_id, a.host_platform, a.handle_key, a.handle, a.display_name, a.reg_no,
       coalesce(b.borrowed, FALSE) AS borrowed, max(s.since) AS since
FROM core.organizer_alias a
LEFT JOIN (
    SELECT organizer_id, bool_and(dispute_reason = 'impersonation') AS borrowed FROM mart.dispute GROUP BY organizer_id
) b ON b.organizer_id = a.canonical_id
LEFT JOIN (
    SELECT organizer_id, min(recorded_at) AS since FROM log.organizer WHERE kind = 'seen' GROUP BY organizer_id
) s ON s.organizer_id = a.organizer_id
GROUP BY ALL
ORDER BY a.canonical_id
