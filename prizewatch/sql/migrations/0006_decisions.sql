-- Decisions by two persons, and decisions that were taken back.
-- second: who confirmed what two persons decide; one_person_team where the setting says that nobody has to.
-- undoes: the decision this one takes back (action undo); then neither of the two counts.
-- Further actions on an organizer: merge_organizers (into related_id), split_organizer (its own merge is undone).

ALTER TABLE log.moderation ADD COLUMN second VARCHAR;
ALTER TABLE log.moderation ADD COLUMN undoes UUID;

-- What one person proposed and what became of it. kind: proposed, confirmed (then log.moderation holds the decision),
-- declined. The rows of one proposal share proposal_id, which is the event_id of the first.
CREATE TABLE log.proposal (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    proposal_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    subject_kind VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    action VARCHAR NOT NULL,
    related_id UUID,
    undoes UUID,
    reason_code VARCHAR,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);
