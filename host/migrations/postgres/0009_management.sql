-- Agreements with partners, and table imports that a second person signs off.

-- What an agreement says on some days (JSON; null takes back what was said).
CREATE TABLE agreement_entry (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    content TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- Whether imports of a table wait for a second person, by when that was said.
CREATE TABLE table_policy (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sign_off BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- Imports that wait for a second person, or did.
CREATE TABLE table_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    base BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    row_count BIGINT NOT NULL,
    content BYTEA NOT NULL,
    proposed_at BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    remark TEXT
);

CREATE INDEX table_proposal_state ON table_proposal (state, name);
