-- Writing: who may, what each write did, and which requests were answered already.

-- What each write did to one record, in commit order. A record's state behind a write is what the
-- next one replaced or, behind its last write, the record itself; so the first state of a record
-- that nobody changes takes no room here.
CREATE TABLE change (
    number INTEGER PRIMARY KEY, -- counts all changes
    committed INTEGER NOT NULL, -- store revision that made it
    at TEXT NOT NULL, -- RFC 3339, UTC
    record_type TEXT NOT NULL, -- of what
    record_id TEXT NOT NULL, -- its id
    revision INTEGER NOT NULL, -- which it made of the record: 1, 2, …
    action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'deleted', 'merged')), -- what
    by TEXT NOT NULL, -- who: a token's name, `seed ID` or `import`
    before TEXT -- the record's canonical text that it replaced; NULL where there was none
) STRICT;

CREATE UNIQUE INDEX change_by_record ON change (record_type, record_id, revision);
CREATE INDEX change_by_commit ON change (committed);

INSERT INTO change (committed, at, record_type, record_id, revision, action, by)
SELECT committed, updated_at, type, id, revision,
    CASE
        WHEN state <> 'live' THEN state
        WHEN revision = 1 THEN 'created'
        ELSE 'updated'
    END,
    CASE WHEN origin IS NULL THEN 'import' ELSE 'seed ' || origin END
FROM record
ORDER BY committed, type, id;

-- Who may write. A token is random and shown once; here is only what it can be recognised by.
CREATE TABLE token (
    name TEXT PRIMARY KEY, -- as its maker named it; stands in every change made with it
    digest TEXT NOT NULL UNIQUE, -- SHA-256 of the token, hexadecimal
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write', 'admin')), -- each covers those before it
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    expires_at TEXT, -- RFC 3339, UTC; NULL: never
    used_at TEXT, -- when a write last came with it, to about a minute; RFC 3339, UTC
    revoked_at TEXT -- RFC 3339, UTC; NULL: it is good
) STRICT, WITHOUT ROWID;

-- Answers given to requests with an Idempotency-Key, so that a repetition has no second effect.
CREATE TABLE answered (
    by TEXT NOT NULL, -- the token's name: keys of one client are none of another's
    key TEXT NOT NULL, -- as sent
    digest TEXT NOT NULL, -- SHA-256 of method, address and body, hexadecimal
    record_type TEXT NOT NULL, -- what was made or changed
    record_id TEXT NOT NULL, -- its id
    revision INTEGER NOT NULL, -- which the answer showed
    status INTEGER NOT NULL, -- of the answer
    at TEXT NOT NULL, -- when; RFC 3339, UTC
    PRIMARY KEY (by, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answered_by_time ON answered (at);
