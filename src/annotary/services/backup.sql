-- name: export_snapshot
-- A name under which other connections see what this transaction sees.
SELECT pg_export_snapshot()

-- name: schemas
-- Those of our schemas that this database has.
SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY($1::text[]) ORDER BY nspname

-- name: table_counts
-- For each table of the given schemas, its name and the statement that counts its rows.
SELECT table_schema || '.' || table_name AS name,
    format('SELECT count(*) FROM %I.%I', table_schema, table_name) AS statement
FROM information_schema.tables
WHERE table_schema = ANY($1::text[]) AND table_type = 'BASE TABLE'
ORDER BY 1

-- name: set_schema
-- Work in one schema until the connection ends.
SELECT set_config('search_path', $1, false)

-- name: consumer_positions
-- Where the consumers of a schema stand, in the transaction ids of the old server.
SELECT name, source, transaction_id::text AS transaction_id, sequence FROM consumers ORDER BY source, name

-- name: first_unconsumed
-- The place before the earliest event, by sequence, that a consumer at a position had not seen yet.
SELECT coalesce(
    (SELECT min(sequence) - 1 FROM events WHERE (transaction_id, sequence) > ($1::text::xid8, $2::bigint)),
    (SELECT max(sequence) FROM events), 0)

-- name: rebase_events
-- Transaction ids of the old server mean nothing here: give all events that of this transaction.
UPDATE events SET transaction_id = pg_current_xact_id();
UPDATE subscription_parked SET transaction_id = pg_current_xact_id();
UPDATE subscription_lanes SET lease = NULL, expires_at = NULL, given_transactions = '{}', given_sequences = '{}'

-- name: rebase_runs
-- The runs of the chain find their events by these ids.
UPDATE event_runs SET transaction_ids = array_fill(pg_current_xact_id()::text::bigint, ARRAY[cardinality(sequences)])

-- name: rebase_checkpoints
-- Should a broker lose something later, what it had before the restore is published again from the log's beginning.
UPDATE relay_checkpoints SET transaction_id = $1::text::xid8, sequence = 0

-- name: leave_used_ids
-- Events that came after the backup are known outside by their ids: none of those is given again.
SELECT setval(name, ((coalesce(pg_sequence_last_value(name::regclass), 0) >> 32) + 1) << 32)
FROM pg_get_serial_sequence('events', 'sequence') AS name

-- name: this_transaction
-- The id of this transaction.
SELECT pg_current_xact_id()::text

-- name: move_consumer
-- Put a consumer at a position in this server's transaction ids.
UPDATE consumers SET transaction_id = $3::text::xid8, sequence = $4 WHERE name = $1 AND source = $2
