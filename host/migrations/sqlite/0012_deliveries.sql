-- Batches of messages that partners hand in.

-- Its messages are worked off in their order by the host that has taken it;
-- `finished_at` is when none of them waited any more.
CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    finished_at INTEGER,
    worked_by TEXT NOT NULL,
    worked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_open ON delivery (principal_id, id) WHERE finished_at IS NULL;

CREATE TABLE delivery_message (
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    number INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE REFERENCES message (id),
    name TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
) STRICT;

-- What came of a message.
CREATE INDEX certificate_delivery_message ON certificate_delivery (message_id);
