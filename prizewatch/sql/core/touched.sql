-- Disputes that change: something was logged of them after commit $since, their clock runs out by $as_of, their organizer
-- is remapped or answered them all, or their reporter counts as another. fresh: filed after $since, so that nothing older is on file.
SELECT dispute_id, bool_or(first) AS fresh FROM (
    SELECT dispute_id, version = 1 AS first FROM log.filing WHERE commit_no > $since
    UNION ALL SELECT dispute_id, FALSE FROM log.stage_event WHERE commit_no > $since
    UNION ALL SELECT dispute_id, FALSE FROM log.evidence WHERE commit_no > $since
    UNION ALL SELECT subject_id, FALSE FROM log.moderation WHERE commit_no > $since AND subject_kind = 'dispute'
    UNION ALL SELECT related_id, FALSE FROM log.moderation WHERE commit_no > $since AND subject_kind = 'dispute' AND related_id IS NOT NULL
    UNION ALL SELECT dispute_id, FALSE FROM log.reply WHERE commit_no > $since AND dispute_id IS NOT NULL
    UNION ALL SELECT dispute_id, FALSE FROM log.filing
        WHERE reporter_key IN (SELECT reporter_key FROM log.cluster WHERE commit_no > $since)
    UNION ALL SELECT dispute_id, FALSE FROM log.erasure WHERE commit_no > $since
    UNION ALL SELECT dispute_id, FALSE FROM log.filing WHERE reporter_key IN (
        SELECT reporter_key FROM log.filing WHERE dispute_id IN (SELECT dispute_id FROM log.erasure WHERE commit_no > $since))
    UNION ALL SELECT dispute_id, FALSE FROM mart.dispute WHERE next_clock_on <= $as_of
    UNION ALL SELECT dispute_id, FALSE FROM mart.dispute WHERE organizer_id IN (SELECT unnest(CAST($remapped AS UUID[])))
    UNION ALL SELECT dispute_id, FALSE FROM mart.dispute WHERE organizer_id IN (
        SELECT coalesce(m.canonical_id, r.organizer_id)
        FROM log.reply r LEFT JOIN mart.organizer_merge m ON m.organizer_id = r.organizer_id
        WHERE r.commit_no > $since AND r.dispute_id IS NULL)
)
GROUP BY dispute_id
