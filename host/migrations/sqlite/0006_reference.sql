-- Reference tables and parameters.

-- What a table that is not built in looks like (JSON).
CREATE TABLE reference_definition (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;

-- A version holds all rows, compressed, and never changes: which rows were
-- known when follows from `recorded_at`, which hold when from the rows.
CREATE TABLE reference_version (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    row_count INTEGER NOT NULL,
    content BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (name, number)
) STRICT;

CREATE TABLE parameter_entry (
    id TEXT NOT NULL PRIMARY KEY,
    rule_set TEXT NOT NULL,
    layer TEXT NOT NULL,
    selector TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    content TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX parameter_entry_rule_set ON parameter_entry (rule_set);
