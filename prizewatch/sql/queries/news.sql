-- How many reports are new or were changed, by somebody's doing, since a commit.
SELECT count(DISTINCT dispute_id)::BIGINT AS reports
FROM (
    SELECT dispute_id FROM log.filing WHERE commit_no > $since
    UNION ALL SELECT dispute_id FROM log.stage_event WHERE commit_no > $since
    UNION ALL SELECT dispute_id FROM log.evidence WHERE commit_no > $since
    UNION ALL SELECT subject_id FROM log.moderation WHERE commit_no > $since AND subject_kind = 'dispute'
    UNION ALL SELECT dispute_id FROM log.reply WHERE commit_no > $since AND dispute_id IS NOT NULL
);
