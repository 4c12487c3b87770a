-- What comes after the report: files of evidence, answers to moderators; and what is kept for a while only.

ALTER TABLE log.evidence ADD COLUMN media_type VARCHAR;
ALTER TABLE log.evidence ADD COLUMN size_bytes BIGINT;
ALTER TABLE log.filing ADD COLUMN device_key VARCHAR;

-- What a reporter answered when a moderator asked.
CREATE TABLE log.answer (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    dispute_id UUID NOT NULL,
    answered VARCHAR NOT NULL
);

-- The desk holds what is no record: it may be changed and is erased when its time is over.
CREATE SCHEMA desk;

-- A report that is being written. Found again by a random code, of which only a keyed hash is here.
CREATE TABLE desk.draft (
    draft_key VARCHAR PRIMARY KEY,
    event_id UUID NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    erase_at TIMESTAMP NOT NULL,
    answers VARCHAR NOT NULL
);

-- Free words as they were before personal data was masked, for moderators, until erase_at.
CREATE TABLE desk.original (
    event_id UUID NOT NULL,
    field VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    erase_at TIMESTAMP NOT NULL
);
