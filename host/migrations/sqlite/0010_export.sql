-- Certificates issued by the own authority, and the foreign institutions that
-- ask for them.

-- What bodies are compressed with, trained on earlier certificates.
CREATE TABLE export_dictionary (
    number INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- A certificate as it stands now. `body` holds the message as received and its
-- canonical form; `code` is what the check code is known by, none for one that
-- was printed without.
CREATE TABLE export_certificate (
    id INTEGER NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    type_code TEXT NOT NULL,
    country TEXT NOT NULL,
    authority TEXT NOT NULL,
    written_number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    destination TEXT NOT NULL,
    status TEXT NOT NULL,
    status_since INTEGER NOT NULL,
    version INTEGER NOT NULL,
    replaced_by TEXT,
    loaded_at INTEGER NOT NULL,
    code BLOB,
    content BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (number, type_code, country, authority)
) STRICT;

-- Few are not as issued, and those are looked for.
CREATE INDEX export_certificate_unusual ON export_certificate (status, id) WHERE status <> '70';

-- Countries a certificate concerns: where it goes, and where it passes through.
CREATE TABLE export_reach (
    country TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    certificate_id INTEGER NOT NULL REFERENCES export_certificate (id),
    transit INTEGER NOT NULL,
    PRIMARY KEY (country, issued_on, certificate_id)
) STRICT;

CREATE TABLE export_container (
    container TEXT NOT NULL,
    certificate_id INTEGER NOT NULL REFERENCES export_certificate (id),
    PRIMARY KEY (container, certificate_id)
) STRICT;

-- Which numbers a certificate replaces, whether they are held or not.
CREATE TABLE export_replacement (
    number TEXT NOT NULL,
    country TEXT NOT NULL,
    certificate_id INTEGER NOT NULL REFERENCES export_certificate (id),
    PRIMARY KEY (number, country, certificate_id)
) STRICT;

-- What became of a certificate after it was issued, and what it said before.
CREATE TABLE export_event (
    id TEXT NOT NULL PRIMARY KEY,
    certificate_id INTEGER NOT NULL REFERENCES export_certificate (id),
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    body BLOB
) STRICT;

CREATE INDEX export_event_certificate ON export_event (certificate_id, id);

-- Attachments as they stand encoded in the messages, once each.
CREATE TABLE export_attachment (
    digest BLOB NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

-- An official institution abroad. `rate` is queries a minute.
CREATE TABLE query_account (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    countries TEXT NOT NULL,
    blocs TEXT NOT NULL,
    transit INTEGER NOT NULL,
    fields TEXT NOT NULL,
    rate INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    suspended_at INTEGER,
    suspended_why TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;

CREATE TABLE query_user (
    principal_id TEXT NOT NULL PRIMARY KEY REFERENCES principal (id),
    account_id TEXT NOT NULL REFERENCES query_account (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    removed_at INTEGER,
    UNIQUE (account_id, name)
) STRICT;

-- Every query: by whom, how, for what, and what was answered.
CREATE TABLE query_log (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES query_account (id),
    user_name TEXT NOT NULL,
    source TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    asked TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE INDEX query_log_account ON query_log (account_id, id);

-- What institutions abroad made of certificates; the number may be one that
-- was never issued.
CREATE TABLE verifier_report (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES query_account (id),
    user_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    number TEXT NOT NULL,
    written_number TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    note TEXT
) STRICT;

CREATE INDEX verifier_report_number ON verifier_report (number);
CREATE INDEX verifier_report_account ON verifier_report (account_id, id);
