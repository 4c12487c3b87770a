-- What a listed organizer answered, where it was published; replies to one report stay with that report.
SELECT r.answer, r.words, r.replied_on
FROM core.reply r
LEFT JOIN mart.organizer_merge m ON m.organizer_id = r.organizer_id
WHERE coalesce(m.canonical_id, r.organizer_id) = $organizer AND r.published AND r.dispute_id IS NULL
ORDER BY r.replied_on DESC, r.commit_no DESC, r.event_id;
