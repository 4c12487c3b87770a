-- A line of each of these reports, and the last commit about it.
SELECT f.dispute_id, f.report_lang, f.dispute_reason, f.prize_kind, f.prize_value, f.currency, f.organizer_type, f.narrative, f.draw_title,
       greatest(f.commit_no,
           (SELECT max(commit_no) FROM log.stage_event WHERE dispute_id = f.dispute_id),
           (SELECT max(commit_no) FROM log.evidence WHERE dispute_id = f.dispute_id),
           (SELECT max(commit_no) FROM log.answer WHERE dispute_id = f.dispute_id),
           (SELECT max(commit_no) FROM log.moderation WHERE subject_kind = 'dispute' AND subject_id = f.dispute_id)) AS last_commit
FROM log.filing f WHERE f.dispute_id IN (SELECT unnest(CAST($ids AS UUID[])))
QUALIFY row_number() OVER (PARTITION BY f.dispute_id ORDER BY f.version DESC, f.commit_no DESC) = 1
