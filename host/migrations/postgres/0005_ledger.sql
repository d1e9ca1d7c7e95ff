-- Quantities of certificates that declarations have taken.

-- A movement is never changed but to end it: `ended_at` is when it was
-- replaced or freed. Amounts are billionths of the unit.
CREATE TABLE ledger_movement (
    id TEXT NOT NULL PRIMARY KEY,
    certificate_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    declaration_id TEXT NOT NULL,
    item BIGINT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT
);

CREATE INDEX ledger_movement_certificate ON ledger_movement (certificate_id, line) WHERE ended_at IS NULL;

CREATE INDEX ledger_movement_declaration ON ledger_movement (declaration_id) WHERE ended_at IS NULL;
