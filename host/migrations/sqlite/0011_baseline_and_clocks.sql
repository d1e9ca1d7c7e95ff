-- A candidate is compared with another version where one is named, else with
-- what was recorded.
ALTER TABLE backtest ADD COLUMN against TEXT;
ALTER TABLE backtest ADD COLUMN baseline BLOB;

-- By how much a host's clock was behind the database's, in microseconds.
ALTER TABLE host_instance ADD COLUMN clock_behind INTEGER NOT NULL DEFAULT 0;
