-- What became of versions of plugins: every change, with who, when and why.

-- Numbered as the state of the registry that the change made. It holds on all
-- hosts from `takes_effect_at` on; `undone_by` is the rollback that took it
-- back.
CREATE TABLE plugin_change (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    why TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    takes_effect_at INTEGER NOT NULL,
    undone_by INTEGER
) STRICT;

CREATE INDEX plugin_change_name ON plugin_change (name, number);

-- What a version serves as: from when until when, by which changes, in which
-- mode (`active` or `shadow`), for which decision dates and which scope (JSON;
-- empty for all that its manifest names).
CREATE TABLE plugin_service (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    mode TEXT NOT NULL,
    applies_from TEXT NOT NULL,
    scope TEXT NOT NULL,
    begins_at INTEGER NOT NULL,
    begun_by INTEGER NOT NULL,
    ends_at INTEGER,
    ended_by INTEGER,
    FOREIGN KEY (name, version) REFERENCES plugin_version (name, version)
) STRICT;

CREATE INDEX plugin_service_name ON plugin_service (name);

-- Changes from before there were numbers come before all others.
INSERT INTO plugin_change (number, name, version, action, detail, why, changed_at, changed_by, takes_effect_at)
    SELECT (SELECT COUNT(*) FROM plugin_activation b WHERE b.id <= a.id) - 1000000000, a.name, a.version,
        'activated', '{}', a.why, a.activated_at, a.activated_by, a.activated_at
    FROM plugin_activation a;

INSERT INTO plugin_service (id, name, version, mode, applies_from, scope, begins_at, begun_by, ends_at)
    SELECT a.id, a.name, a.version, 'active', a.applies_from, '', a.activated_at,
        (SELECT COUNT(*) FROM plugin_activation b WHERE b.id <= a.id) - 1000000000, a.ended_at
    FROM plugin_activation a;

DROP TABLE plugin_activation;

-- The hosts on this database, when each was last seen, which state of the
-- registry it has loaded, and which components it cannot load.
CREATE TABLE host_instance (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    unloadable TEXT NOT NULL
) STRICT;

-- What a verification's record does not hold and a replay needs (compressed
-- JSON): standings, citations, pairings, and per rule set what was due under
-- which parameters.
CREATE TABLE verification_frame (
    verification_id TEXT NOT NULL PRIMARY KEY REFERENCES verification (id),
    frame BLOB NOT NULL
) STRICT;

-- What a version gave no answer on by its own fault: the verification for a
-- rule set, the message for an adapter; and whose it was.
CREATE TABLE plugin_failure (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    subject TEXT NOT NULL,
    submitter TEXT NOT NULL,
    failed_at INTEGER NOT NULL,
    PRIMARY KEY (name, version, subject)
) STRICT;

-- What a version in shadow would have changed, per verification.
CREATE TABLE shadow_difference (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    verification_id TEXT NOT NULL REFERENCES verification (id),
    difference TEXT NOT NULL,
    PRIMARY KEY (name, version, verification_id)
) STRICT;

-- How many cases a version in shadow judged, and what changed in them.
CREATE TABLE shadow_tally (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

-- Backtests: which candidate, over how many stored cases, how far it came,
-- what it came to (JSON), and which host works on it.
CREATE TABLE backtest (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL,
    component BLOB NOT NULL,
    wanted INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    position TEXT NOT NULL,
    tally TEXT NOT NULL,
    busy_microseconds INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    worked_by TEXT NOT NULL,
    worked_at INTEGER NOT NULL
) STRICT;

-- What officers thought of findings, by rule.
CREATE TABLE finding_opinion (
    decision_id TEXT NOT NULL REFERENCES decision (id),
    finding INTEGER NOT NULL,
    source TEXT NOT NULL,
    rule TEXT NOT NULL,
    opinion TEXT NOT NULL,
    PRIMARY KEY (decision_id, finding)
) STRICT;

CREATE INDEX finding_opinion_rule ON finding_opinion (source, rule, opinion);
