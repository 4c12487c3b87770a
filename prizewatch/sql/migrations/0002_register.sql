-- What this register is. One row. kind: live, demo or reference.
-- clock_on: for a demo or a reference register the day its clocks stand at; empty for a live one, whose clock is today.

CREATE TABLE meta.register (
    kind VARCHAR NOT NULL,
    clock_on DATE,
    title VARCHAR,
    made_at TIMESTAMP NOT NULL,
    key_check VARCHAR
);
