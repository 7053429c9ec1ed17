-- name: record
-- Write facts, in the transaction of the change they tell of.
INSERT INTO events (organisation_id, type, schema_version, subject_id, actor_id, occurred_at, data)
SELECT organisation_id, type, schema_version, subject_id, actor_id, coalesce(occurred_at, clock_now()), data
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::json[])
    AS fact (organisation_id, type, schema_version, subject_id, actor_id, occurred_at, data)

-- name: read_after
-- Among the next facts after a position, those that are wanted, and always the last one: it says how far the look went.
-- Only transactions older than every open one count, so that a late commit is never passed over.
SELECT * FROM (
    SELECT sequence, transaction_id::text::bigint AS transaction_id, organisation_id, type, schema_version,
        subject_id, actor_id, occurred_at, data, traceparent,
        type LIKE ANY ($4::text[]) AND ($5::uuid IS NULL OR organisation_id = $5)
            AND ($6::uuid IS NULL OR subject_id = $6) AND ($7::timestamptz IS NULL OR occurred_at >= $7)
            AND ($9::bigint = 1 OR lane_of(subject_id, $9) = $8::bigint) AS wanted, count(*) OVER () AS seen,
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

-- name: log_end
-- The place of the last fact that may be read now; no row in an empty log.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM events
WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY events.transaction_id DESC, sequence DESC LIMIT 1

-- name: log_has
-- Whether there is a fact at just this place.
SELECT EXISTS (SELECT 1 FROM events WHERE (transaction_id, sequence) = ($1::bigint::text::xid8, $2::bigint))

-- name: log_bounds
-- The transactions of the first and the last fact; null in an empty log.
SELECT (SELECT transaction_id::text::bigint FROM events ORDER BY events.transaction_id, sequence LIMIT 1) AS first,
    (SELECT transaction_id::text::bigint FROM events ORDER BY events.transaction_id DESC, sequence DESC LIMIT 1) AS last

-- name: happened_from
-- When the first fact of a transaction or of those after it happened.
SELECT occurred_at FROM events WHERE transaction_id >= $1::bigint::text::xid8
ORDER BY transaction_id, sequence LIMIT 1

-- name: first_from
-- The first of some transactions with a fact that happened at or after a time, or the first that is open: it may have one.
SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (SELECT transaction_id FROM events
    WHERE transaction_id >= $1::bigint::text::xid8 AND occurred_at >= $2
    ORDER BY transaction_id, sequence LIMIT 1))::text::bigint

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

-- name: parked
-- How many events each consumer could not handle.
SELECT consumer, source, count(*) AS events FROM parked_events GROUP BY consumer, source

-- name: lag
-- How many wanted facts a consumer has not reached yet, among the next so many, and for how long the first of them waits.
SELECT count(*) AS events, coalesce(extract(epoch FROM clock_now() - min(occurred_at)), 0)::float8 AS seconds FROM (
    SELECT events.occurred_at, events.type FROM events
    WHERE (events.transaction_id, events.sequence) > ($1::bigint::text::xid8, $2::bigint)
    ORDER BY events.transaction_id, events.sequence LIMIT $3
) AS ahead
WHERE type LIKE ANY ($4::text[])

-- name: read_rows
-- The rows of a copied table as they are now. {table} and {key} come from a fixed list.
SELECT row_to_json(source_row)::text FROM {table} AS source_row WHERE {key} = ANY($1)

-- name: write_rows
-- Put rows of a copied table in place of what was there. {table} comes from a fixed list.
INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1::json)

-- name: remove_rows
-- What the source no longer has, or has otherwise now.
DELETE FROM {table} WHERE {key} = ANY($1)
