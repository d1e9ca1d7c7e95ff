-- What follows when a certificate comes or changes after a declaration cited
-- it.

-- Which numbers (normalised) a verification rests on, and which certificate of
-- that number, if one was held.
CREATE TABLE verification_citation (
    verification_id TEXT NOT NULL REFERENCES verification (id),
    number TEXT NOT NULL,
    certificate_id TEXT NOT NULL,
    PRIMARY KEY (verification_id, number, certificate_id)
);

CREATE INDEX verification_citation_number ON verification_citation (number);

-- What customs said of the goods: `released`, `withdrawn`, or nothing yet.
ALTER TABLE declaration ADD COLUMN settled TEXT NOT NULL DEFAULT '';

-- Declarations that are to be verified again. Who works on one puts `due_at`
-- ahead; if it does not come to an end, another takes over then.
CREATE TABLE verification_due (
    declaration_id TEXT NOT NULL PRIMARY KEY REFERENCES declaration (id),
    why TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);

CREATE INDEX verification_due_at ON verification_due (due_at);

-- Goods that were released on a certificate which was taken back since.
CREATE TABLE recall (
    id TEXT NOT NULL PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    verification_id TEXT NOT NULL REFERENCES verification (id),
    declaration_id TEXT NOT NULL REFERENCES declaration (id),
    status TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT,
    outcome TEXT,
    UNIQUE (certificate_id, declaration_id)
);

-- What customs have to be told, until they acknowledge it (content is JSON).
CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failure TEXT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT
);

CREATE INDEX notice_due ON notice (due_at) WHERE acknowledged_at IS NULL;
CREATE INDEX notice_principal ON notice (principal_id, id);

-- The number with characters that are taken for one another made one, so that
-- near misses can be offered: O and Q are 0, I and L are 1, Z is 2, S is 5, B
-- is 8.
ALTER TABLE certificate ADD COLUMN likeness TEXT NOT NULL DEFAULT '';

UPDATE certificate SET likeness = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(number,
    'O', '0'), 'Q', '0'), 'I', '1'), 'L', '1'), 'Z', '2'), 'S', '5'), 'B', '8');

CREATE INDEX certificate_likeness ON certificate (likeness);
