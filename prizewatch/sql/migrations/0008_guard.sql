-- What protects the register from campaigns, and people from the register: alarms, clusters of reporters, tombstones.

-- An alarm about an organizer, and what people decided of it. kind: raised, hold (stay held), note (held, and the public
-- is told that they were coordinated), release, reject, cluster (their reporters are one person). signals joined by ;.
-- since: the earliest report it is about.
CREATE TABLE log.alarm (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    alarm_id UUID NOT NULL,
    organizer_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    since TIMESTAMP NOT NULL,
    signals VARCHAR NOT NULL,
    reports BIGINT NOT NULL,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

-- A person's many keys: the last row of a key says what it counts as. Its own key: for itself again.
CREATE TABLE log.cluster (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    reporter_key VARCHAR NOT NULL,
    cluster_key VARCHAR NOT NULL,
    alarm_id UUID,
    actor VARCHAR NOT NULL
);

-- What is left of what was erased. kept: its coded values still count; else its rows are gone.
CREATE TABLE log.erasure (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    dispute_id UUID NOT NULL,
    ground VARCHAR NOT NULL,
    kept BOOLEAN NOT NULL,
    rows_erased BIGINT NOT NULL,
    files_erased BIGINT NOT NULL,
    actor VARCHAR NOT NULL
);

-- The rules this register has worked by: a fingerprint of their files, and since when (UTC).
CREATE TABLE meta.rules (
    fingerprint VARCHAR NOT NULL,
    in_use_at TIMESTAMP NOT NULL
);
