-- Whose signatures count for what, and what was let in on them.

-- The key itself is kept as PEM; its identifier is the SHA-256 of its SPKI.
CREATE TABLE trust_key (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    public_key TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    revoked_from BIGINT,
    revoked_reason TEXT,
    revoked_at BIGINT,
    revoked_by TEXT
);

-- Rules are kept when they are removed; the name is unique among those in force.
CREATE TABLE trust_rule (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    removed_at BIGINT,
    removed_by TEXT,
    removed_reason TEXT
);

CREATE UNIQUE INDEX trust_rule_in_force ON trust_rule (name) WHERE removed_at IS NULL;

-- Versions that were let in, with the rule that did so and what it judged.
CREATE TABLE plugin_admission (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BYTEA NOT NULL,
    contract TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    rule TEXT NOT NULL,
    downgrade_reason TEXT,
    admitted_at BIGINT NOT NULL,
    admitted_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
);

-- Signatures that were verified, each with the time it first came.
CREATE TABLE plugin_signature (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    key_id TEXT NOT NULL REFERENCES trust_key (id),
    role TEXT NOT NULL,
    envelope TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    received_by TEXT NOT NULL,
    PRIMARY KEY (name, version, key_id, role),
    FOREIGN KEY (name, version) REFERENCES plugin_admission (name, version)
);
