-- The log: what was said, when. Rows are appended, never changed or removed (legal erasure is the one exception).
-- Plain SQL that PostgreSQL understands too: plain types, plain INSERT, no sequences, no defaults that compute.
-- commit_no counts the transactions; every row carries the one it came with.

CREATE SCHEMA log;
CREATE SCHEMA meta;

-- Which of these files the register has seen.
CREATE TABLE meta.migration (
    number BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);

CREATE TABLE log.commit (
    commit_no BIGINT PRIMARY KEY,
    committed_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    rows_logged BIGINT NOT NULL
);

-- One row a version of a report: version 1 is the filing, later ones are what the reporter corrected or added.
CREATE TABLE log.filing (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    dispute_id UUID NOT NULL,
    version BIGINT NOT NULL,
    reporter_key VARCHAR NOT NULL,
    network_key VARCHAR,
    receipt_hash VARCHAR,
    organizer_id UUID NOT NULL,
    draw_id UUID NOT NULL,
    screen VARCHAR NOT NULL,
    report_lang VARCHAR NOT NULL,
    reported_at TIMESTAMP NOT NULL,
    is_first_hand BOOLEAN,
    relation VARCHAR,
    winner_age BIGINT,
    organizer_type VARCHAR NOT NULL,
    legal_nature VARCHAR NOT NULL,
    host_platform VARCHAR NOT NULL,
    lottery_tool VARCHAR NOT NULL,
    draw_title VARCHAR,
    draw_time TIMESTAMP,
    entered_on DATE,
    win_notice_on DATE,
    winners_count BIGINT,
    entrants_count BIGINT,
    other_winners_known BIGINT,
    draws_known BIGINT,
    draws_source VARCHAR,
    draws_counted_on DATE,
    prize_no BIGINT NOT NULL,
    prize_kind VARCHAR NOT NULL,
    prize_value DECIMAL(12,2),
    value_unknown BOOLEAN NOT NULL,
    currency VARCHAR,
    value_basis VARCHAR,
    conditions VARCHAR,
    claim_made_on DATE,
    claim_deadline DATE,
    refused_on DATE,
    dispute_reason VARCHAR NOT NULL,
    reasons_secondary VARCHAR,
    reason_other VARCHAR,
    refusal_mode VARCHAR,
    refusal_text VARCHAR,
    stated_before_entry VARCHAR,
    paid BOOLEAN,
    amount_paid DECIMAL(12,2),
    data_given VARCHAR,
    first_try_on DATE,
    last_try_on DATE,
    tries_count BIGINT,
    credited_stage VARCHAR,
    partial_accepted_on DATE,
    gave_up_on DATE,
    withdrawn_on DATE,
    withdraw_reason VARCHAR,
    narrative VARCHAR,
    consent_narrative BOOLEAN,
    consent_publish BOOLEAN,
    consent_contact BOOLEAN,
    truth_statement BOOLEAN
);

-- One row a version of a stage event; seq orders the events of a dispute as they were filed.
CREATE TABLE log.stage_event (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    dispute_id UUID NOT NULL,
    stage_event_id UUID NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    stage VARCHAR NOT NULL,
    target_entity VARCHAR,
    channel VARCHAR,
    entered_on DATE NOT NULL,
    closed_on DATE,
    outcome VARCHAR NOT NULL,
    promised_on DATE,
    response_kind VARCHAR,
    first_response_hours BIGINT,
    platform_action VARCHAR,
    skip_reason VARCHAR,
    relief VARCHAR,
    relief_value DECIMAL(12,2),
    relief_on DATE,
    case_ref VARCHAR
);

CREATE TABLE log.evidence (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    dispute_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    captured_on DATE,
    sha256 VARCHAR,
    redacted BOOLEAN
);

-- What is known of an organizer. kind: seen (a name or handle was met), merged (organizer_id is really into_id),
-- split (an earlier merge is undone). handle and display_name are in clear for businesses and accounts only.
CREATE TABLE log.organizer (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    organizer_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    into_id UUID,
    organizer_type VARCHAR,
    legal_nature VARCHAR,
    host_platform VARCHAR,
    handle_key VARCHAR,
    handle VARCHAR,
    display_name VARCHAR,
    reg_no VARCHAR,
    seen_on DATE,
    reason VARCHAR
);

-- Number of draws an organizer is known to have run.
CREATE TABLE log.draw_count (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    organizer_id UUID NOT NULL,
    observed_on DATE NOT NULL,
    draws_known BIGINT NOT NULL,
    source_kind VARCHAR NOT NULL
);

-- Decisions of moderators. subject_kind: dispute or organizer.
-- dispute: publish_masked, publish_named, ask, hold, reject, remove, restore, merge (into related_id),
--          find_ineligible, find_eligible, reopen, set_level (reason_code is V0..V4)
-- organizer: name, unname, review (its level was checked), unreview, invite_reply
CREATE TABLE log.moderation (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    subject_kind VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    action VARCHAR NOT NULL,
    related_id UUID,
    reason_code VARCHAR,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

-- What an organizer answered. answer: accepts, contests, says_resolved, unreachable.
CREATE TABLE log.reply (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    organizer_id UUID NOT NULL,
    dispute_id UUID,
    answer VARCHAR NOT NULL,
    words VARCHAR,
    replied_on DATE NOT NULL,
    published BOOLEAN NOT NULL
);
