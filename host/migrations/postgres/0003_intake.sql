-- Messages as received, and the certificates and declarations in them.

CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    principal_id TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    format TEXT NOT NULL,
    adapter TEXT NOT NULL,
    state TEXT NOT NULL,
    size BIGINT NOT NULL,
    body BYTEA NOT NULL,
    problems BYTEA
);

-- A certificate as it stands now.
CREATE TABLE certificate (
    id TEXT NOT NULL PRIMARY KEY,
    country TEXT NOT NULL,
    authority TEXT NOT NULL,
    type_code TEXT NOT NULL,
    number TEXT NOT NULL,
    written_number TEXT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_since BIGINT NOT NULL,
    issued TEXT,
    first_issued TEXT,
    replaced_by TEXT,
    chain_id TEXT NOT NULL,
    contradicted BIGINT NOT NULL,
    sender_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    authenticity TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (country, authority, type_code, number)
);

CREATE INDEX certificate_number ON certificate (number);
CREATE INDEX certificate_chain ON certificate (chain_id);

-- Every version that counted, canonical (zstd JSON) and with its places.
CREATE TABLE certificate_version (
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    version BIGINT NOT NULL,
    message_id TEXT NOT NULL REFERENCES message (id),
    message_digest BYTEA NOT NULL,
    content_digest BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    places BYTEA NOT NULL,
    PRIMARY KEY (certificate_id, version)
);

-- Every delivery, whatever came of it.
CREATE TABLE certificate_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    message_id TEXT NOT NULL REFERENCES message (id),
    sender_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    outcome TEXT NOT NULL
);

CREATE INDEX certificate_delivery_certificate ON certificate_delivery (certificate_id);

-- Which numbers a certificate replaces, whether they are held or not.
CREATE TABLE certificate_replacement (
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    country TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (certificate_id, number)
);

CREATE INDEX certificate_replacement_number ON certificate_replacement (country, number);

CREATE TABLE declaration (
    id TEXT NOT NULL PRIMARY KEY,
    country TEXT NOT NULL,
    declarant TEXT NOT NULL,
    reference TEXT NOT NULL,
    version BIGINT NOT NULL,
    mrn TEXT,
    lrn TEXT,
    message_id TEXT NOT NULL REFERENCES message (id),
    message_digest BYTEA NOT NULL,
    principal_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    UNIQUE (country, declarant, reference, version)
);
