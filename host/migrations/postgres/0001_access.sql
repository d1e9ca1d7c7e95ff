-- Who may do what, what was answered to whom, and who changed what.

CREATE TABLE principal (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    countries TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principal (id),
    digest BYTEA NOT NULL UNIQUE,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by TEXT
);

CREATE INDEX token_principal ON token (principal_id);

-- Answers given to requests with an idempotency key.
CREATE TABLE idempotent_answer (
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body BYTEA NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (caller, route, key)
);

CREATE INDEX idempotent_answer_age ON idempotent_answer (answered_at);

-- One leaf per transaction that changed something; numbered and chained later.
CREATE TABLE audit_leaf (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    principal_id TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest BYTEA NOT NULL
);

CREATE INDEX audit_leaf_subject ON audit_leaf (subject);
