-- Who may come to the desk, what they saw and did, and the seals that tell whether the log was changed afterwards.

-- Moderators and admins. An account is disabled, never removed: its name stands in decisions for good.
CREATE TABLE desk.account (
    account_key VARCHAR PRIMARY KEY,
    account VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    passphrase_hash VARCHAR,
    oidc_subject VARCHAR,
    added_at TIMESTAMP NOT NULL,
    added_by VARCHAR NOT NULL,
    disabled_at TIMESTAMP
);

-- Who is signed in. Found again by a random token, of which only a keyed hash is here.
CREATE TABLE desk.session (
    session_key VARCHAR PRIMARY KEY,
    account_key VARCHAR NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);

-- Links that are good once: into a session, or to choose a passphrase. Only a keyed hash of each is here.
CREATE TABLE desk.ticket (
    ticket_key VARCHAR PRIMARY KEY,
    account_key VARCHAR NOT NULL,
    good_for VARCHAR NOT NULL,
    good_until TIMESTAMP NOT NULL
);

-- Who saw and did what. Its rows are a chain: each is sealed with the one before. It is no news of the figures, so it
-- has no commit.
CREATE TABLE log.audit (
    entry_no BIGINT PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject_kind VARCHAR NOT NULL,
    subject_id UUID,
    detail VARCHAR NOT NULL,
    seal VARCHAR NOT NULL
);

-- One row a commit, over all its rows in the log, and one more for a commit that was changed by law. Also a chain.
CREATE TABLE log.seal (
    seal_no BIGINT PRIMARY KEY,
    sealed_commit BIGINT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    digest VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    seal VARCHAR NOT NULL
);

-- Where each chain ends, so that a last link that was taken off is missed.
CREATE TABLE meta.chain_end (
    chain VARCHAR PRIMARY KEY,
    link_no BIGINT NOT NULL,
    mark VARCHAR NOT NULL
);
