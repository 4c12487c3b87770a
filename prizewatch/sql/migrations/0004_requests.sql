-- Requests of programs, so that a key that was used for other words is told; not the words themselves.

CREATE TABLE desk.request (
    request_key VARCHAR PRIMARY KEY,
    body_key VARCHAR NOT NULL,
    erase_at TIMESTAMP NOT NULL
);
