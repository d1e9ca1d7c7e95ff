-- Reference tables and parameters.

-- What a table that is not built in looks like (JSON).
CREATE TABLE reference_definition (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL
);

-- A version holds all rows, compressed, and never changes: which rows were
-- known when follows from `recorded_at`, which hold when from the rows.
CREATE TABLE reference_version (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    row_count BIGINT NOT NULL,
    content BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (name, number)
);

CREATE TABLE parameter_entry (
    id TEXT NOT NULL PRIMARY KEY,
    rule_set TEXT NOT NULL,
    layer TEXT NOT NULL,
    selector TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    content TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX parameter_entry_rule_set ON parameter_entry (rule_set);
