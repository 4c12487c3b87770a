-- Fair to both sides: invitations to answer, answers before they are published, notices and what became of them.

-- An invitation to an organizer. kind: made (a link, good until good_until), revoked, impossible (no public contact).
CREATE TABLE log.invitation (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    invitation_id UUID NOT NULL,
    organizer_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    token_key VARCHAR,
    good_until TIMESTAMP,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

-- An answer on its way. kind: received, published, refused, retracted. Once published it stands in log.reply, too: a row
-- for the organizer and one for each report it is about, all with its reply_id; the newest row of each says if it is shown.
CREATE TABLE log.reply_event (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    reply_id UUID NOT NULL,
    invitation_id UUID NOT NULL,
    organizer_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    answer VARCHAR,
    words VARCHAR,
    about_words VARCHAR,
    proof_kind VARCHAR,
    proof_words VARCHAR,
    reason_code VARCHAR,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

ALTER TABLE log.reply ADD COLUMN reply_id UUID;

-- What somebody says is wrong with a record. Who it was stands in desk.contact, for a while.
CREATE TABLE log.notice (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    notice_id UUID NOT NULL,
    receipt_hash VARCHAR NOT NULL,
    sender_key VARCHAR NOT NULL,
    network_key VARCHAR NOT NULL,
    sender VARCHAR NOT NULL,
    wish VARCHAR NOT NULL,
    ground VARCHAR NOT NULL,
    organizer_id UUID,
    dispute_id UUID,
    words VARCHAR NOT NULL,
    link VARCHAR
);

-- What became of a notice (prizewatch/notice_states.py has the table of it). One step may have several rows, one for each
-- report it is about; they share step_id.
CREATE TABLE log.notice_event (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    step_id UUID NOT NULL,
    notice_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    dispute_id UUID,
    words VARCHAR,
    reason_code VARCHAR,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

-- Who sent a notice and where they can be reached. Never shown to the other side.
CREATE TABLE desk.contact (
    notice_id UUID PRIMARY KEY,
    sender_name VARCHAR NOT NULL,
    contact VARCHAR NOT NULL,
    erase_at TIMESTAMP NOT NULL
);
