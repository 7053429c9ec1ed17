-- name: lock
-- One migrator at a time, over the whole database; released when the connection closes.
SELECT pg_advisory_lock($1)

-- name: create_schema
-- The schema of one service; {schema} is checked to be a plain identifier.
CREATE SCHEMA IF NOT EXISTS {schema}

-- name: search_path
-- All that follows happens in this schema.
SELECT set_config('search_path', $1, false)

-- name: create_table
-- Which files were applied, and what they said.
CREATE TABLE IF NOT EXISTS migrations (
    name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())

-- name: applied
-- The migrations this schema has.
SELECT name, hash FROM migrations

-- name: remember
-- One more was applied.
INSERT INTO migrations (name, hash) VALUES ($1, $2)
