-- name: record
-- Write facts, in the transaction of the change they tell of.
INSERT INTO events (organisation_id, type, schema_version, subject_id, actor_id, occurred_at, data)
SELECT organisation_id, type, schema_version, subject_id, actor_id, coalesce(occurred_at, clock_now()), data
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::json[])
    AS fact (organisation_id, type, schema_version, subject_id, actor_id, occurred_at, data)

-- name: read_after
-- Among the next facts after a position, those of some types, and always the last one: it says how far the look went.
-- Only transactions older than every open one count, so that a late commit is never passed over.
SELECT * FROM (
    SELECT sequence, transaction_id::text::bigint AS transaction_id, organisation_id, type, schema_version,
        subject_id, actor_id, occurred_at, data,
        type LIKE ANY ($4::text[]) AS wanted, count(*) OVER () AS seen,
        row_number() OVER (ORDER BY transaction_id, sequence) AS place
    FROM (
        SELECT * FROM events
        WHERE (transaction_id, sequence) > ($1::bigint::text::xid8, $2::bigint)
            AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY transaction_id, sequence
        LIMIT $3
    ) AS next
) AS looked_at
WHERE wanted OR place = seen
ORDER BY place

-- name: position
-- How far a consumer has come; locked, so that one process consumes at a time.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM consumers
WHERE name = $1 AND source = $2 FOR UPDATE SKIP LOCKED

-- name: peek_position
-- How far a consumer has come.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM consumers WHERE name = $1 AND source = $2

-- name: add_consumer
-- A consumer starts at the beginning of the log.
INSERT INTO consumers (name, source) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: move
-- The consumer's effect is in: commits together with it.
UPDATE consumers SET transaction_id = $3::bigint::text::xid8, sequence = $4, moved_at = clock_timestamp()
WHERE name = $1 AND source = $2

-- name: park
-- An event that cannot be handled is put aside with the reason.
INSERT INTO parked_events (consumer, source, sequence, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING

-- name: lag
-- Facts a consumer has not reached yet.
SELECT count(*) FROM (SELECT 1 FROM events, consumers c
    WHERE c.name = $1 AND c.source = $2 AND (events.transaction_id, events.sequence) > (c.transaction_id, c.sequence)
    LIMIT 100000) AS ahead

-- name: read_rows
-- The rows of a copied table as they are now. {table} and {key} come from a fixed list.
SELECT row_to_json(source_row)::text FROM {table} AS source_row WHERE {key} = ANY($1)

-- name: write_rows
-- Put rows of a copied table in place of what was there. {table} comes from a fixed list.
INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1::json)

-- name: remove_rows
-- What the source no longer has, or has otherwise now.
DELETE FROM {table} WHERE {key} = ANY($1)
