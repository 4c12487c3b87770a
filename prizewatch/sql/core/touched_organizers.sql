-- Organizers about whom something was logged after commit $since.
SELECT organizer_id FROM log.organizer WHERE commit_no > $since
UNION SELECT organizer_id FROM log.draw_count WHERE commit_no > $since
UNION SELECT organizer_id FROM log.reply WHERE commit_no > $since
UNION SELECT subject_id FROM log.moderation WHERE commit_no > $since AND subject_kind = 'organizer'
