-- The versions of plugins, and which of them were made active from when.

CREATE TABLE plugin_version (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL,
    component BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

-- An activation holds for decisions from a date on, or for all where that is
-- empty, until it is ended.
CREATE TABLE plugin_activation (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    applies_from TEXT NOT NULL,
    why TEXT NOT NULL,
    activated_at INTEGER NOT NULL,
    activated_by TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    FOREIGN KEY (name, version) REFERENCES plugin_version (name, version)
) STRICT;

CREATE INDEX plugin_activation_name ON plugin_activation (name);

-- Counts the changes of what hosts keep in memory, so that each host sees when
-- another changed it.
CREATE TABLE generation (
    subject TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

INSERT INTO generation (subject, number) VALUES ('registry', 0);
