-- What was fitted, once a data version; kept over rebuilds, so that a page always has the newest there is.
CREATE TABLE IF NOT EXISTS core.fit (
    name VARCHAR NOT NULL,
    commit_no BIGINT NOT NULL,
    as_of DATE NOT NULL,
    seed BIGINT NOT NULL,
    settings VARCHAR NOT NULL,
    result VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL
)
