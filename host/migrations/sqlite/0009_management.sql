-- Agreements with partners, and table imports that a second person signs off.

-- What an agreement says on some days (JSON; null takes back what was said).
CREATE TABLE agreement_entry (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    content TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- Whether imports of a table wait for a second person, by when that was said.
CREATE TABLE table_policy (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sign_off INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- Imports that wait for a second person, or did.
CREATE TABLE table_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    base INTEGER NOT NULL,
    digest BLOB NOT NULL,
    row_count INTEGER NOT NULL,
    content BLOB NOT NULL,
    proposed_at INTEGER NOT NULL,
    proposed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_at INTEGER,
    decided_by TEXT,
    remark TEXT
) STRICT;

CREATE INDEX table_proposal_state ON table_proposal (state, name);
