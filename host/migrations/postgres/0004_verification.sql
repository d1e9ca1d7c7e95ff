-- What came of judging declarations, and what officers decided.

CREATE TABLE verification (
    id TEXT NOT NULL PRIMARY KEY,
    declaration_id TEXT NOT NULL REFERENCES declaration (id),
    at BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    decided TEXT NOT NULL,
    reference TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    digest BYTEA NOT NULL,
    record BYTEA NOT NULL
);

CREATE INDEX verification_verdict ON verification (verdict, id);
CREATE INDEX verification_declaration ON verification (declaration_id);

CREATE TABLE decision (
    id TEXT NOT NULL PRIMARY KEY,
    verification_id TEXT NOT NULL REFERENCES verification (id),
    at BIGINT NOT NULL,
    principal_id TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    action TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    remark TEXT NOT NULL,
    findings TEXT NOT NULL
);

CREATE INDEX decision_verification ON decision (verification_id);
