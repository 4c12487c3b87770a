-- What an organizer is kept apart from, both after merges, the newest decision first; other: the other one's id.
SELECT d.event_id, if(coalesce(m.canonical_id, d.subject_id) = $organizer, coalesce(r.canonical_id, d.related_id),
                      coalesce(m.canonical_id, d.subject_id)) AS other,
       d.recorded_at, d.reason_code, coalesce(d.sentence, '') AS sentence, d.actor
FROM core.decision d
LEFT JOIN mart.organizer_merge m ON m.organizer_id = d.subject_id
LEFT JOIN mart.organizer_merge r ON r.organizer_id = d.related_id
WHERE d.action = 'keep_apart'
  AND $organizer IN (coalesce(m.canonical_id, d.subject_id), coalesce(r.canonical_id, d.related_id))
ORDER BY d.commit_no DESC, d.event_id
