-- A reporter asks for erasure by law, on My report; an admin carries it out or says why not.
-- kind: asked, taken_back (by the reporter), declined. The rows of one request share request_id, the event_id of the first.
-- What was carried out stands in log.erasure.
CREATE TABLE log.erasure_request (
    event_id UUID PRIMARY KEY,
    commit_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    request_id UUID NOT NULL,
    dispute_id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    kept BOOLEAN NOT NULL,
    sentence VARCHAR,
    actor VARCHAR NOT NULL
);

-- So that whoever comes back with the receipt of an erased report reads that it was erased; for a while only.
CREATE TABLE desk.erased (
    receipt_hash VARCHAR PRIMARY KEY,
    erased_at TIMESTAMP NOT NULL,
    erase_at TIMESTAMP NOT NULL
);
