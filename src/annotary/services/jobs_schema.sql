-- name: lock
-- One process at a time brings the schema up; the others wait, then find nothing to do.
SELECT pg_advisory_xact_lock($1);

-- name: create_schema
-- The queue lives beside the platform's schema, in the same database, so that deferring a job is part of the caller's transaction.
CREATE SCHEMA IF NOT EXISTS jobs;

-- name: search_path
-- Where procrastinate's unqualified names go.
SET LOCAL search_path = jobs;

-- name: create_table
-- Which of procrastinate's own migrations are in.
CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp());

-- name: applied
-- The names of the migrations that are in.
SELECT name FROM applied_migrations;

-- name: remember
-- Notes migrations as in.
INSERT INTO applied_migrations (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING;

-- name: bind_functions
-- Procrastinate's functions find their tables whoever calls them, whatever the caller's search path.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT p.oid::regprocedure AS signature FROM pg_proc p
        WHERE p.pronamespace = 'jobs'::regnamespace AND p.prokind = 'f'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs', found.signature);
    END LOOP;
END $$;
