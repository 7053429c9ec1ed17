-- name: lies_ahead
-- Whether the log has something behind a position that no open transaction can still come before.
SELECT EXISTS (SELECT 1 FROM events
    WHERE (transaction_id, sequence) > ($1::bigint::text::xid8, $2::bigint)
        AND transaction_id < pg_snapshot_xmin(pg_current_snapshot()))

-- name: next_events
-- The next events behind a position, in the log's order, with the bytes that are hashed.
SELECT e.transaction_id::text::bigint AS transaction_id, e.sequence, e.organisation_id, event_bytes(e) AS stored
FROM events e
WHERE (e.transaction_id, e.sequence) > ($1::bigint::text::xid8, $2::bigint)
    AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.transaction_id, e.sequence LIMIT $3

-- name: moment
-- The database's time.
SELECT clock_timestamp()

-- name: runs_over
-- The events of all runs that may have one of these sequences: what is chained is not chained again.
SELECT sequences FROM event_runs WHERE span && int8range($1, $2, '[]')

-- name: chains_of
-- Where the chains of some organisations stand.
SELECT organisation_id, events, link, sealed, segments, segment_hash FROM chains WHERE organisation_id = ANY($1::uuid[])

-- name: add_run
-- A run of events.
INSERT INTO event_runs (organisation_id, first, sequences, transaction_ids, leaves, link_before, link_after,
    appended_at, stamp)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: move_chain
-- A chain has grown by a run.
INSERT INTO chains (organisation_id, events, link, segment_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id) DO UPDATE SET events = EXCLUDED.events, link = EXCLUDED.link

-- name: due_chains
-- Chains with enough, or old enough, events that are in no segment yet.
SELECT c.organisation_id, c.events, c.link, c.sealed, c.segments, c.segment_hash
FROM chains c JOIN event_runs r ON r.organisation_id = c.organisation_id AND r.first = c.sealed
WHERE c.events > c.sealed
    AND (c.events - c.sealed >= $1 OR r.appended_at <= clock_timestamp() - make_interval(secs => $2))
ORDER BY c.organisation_id

-- name: runs_to_seal
-- The runs that the next segment is made of.
SELECT leaves, link_after, stamp FROM event_runs
WHERE organisation_id = $1 AND first >= $2 AND first < $3 ORDER BY first

-- name: add_segment
-- A sealed segment.
INSERT INTO event_segments (organisation_id, number, first, events, root, link, runs, previous, sealed_at, key_id,
    signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: note_sealed
-- How far a chain is sealed.
UPDATE chains SET sealed = $2, segments = $3, segment_hash = $4 WHERE organisation_id = $1

-- name: add_key
-- The public half of a key that signs here.
INSERT INTO chain_keys (id, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: keys
-- All keys that have signed here.
SELECT id, public_key FROM chain_keys ORDER BY id

-- name: sealed_chains
-- The last segment of each chain.
SELECT c.organisation_id, c.segments AS segment, c.sealed AS events, c.segment_hash FROM chains c WHERE c.segments > 0

-- name: known_service_heads
-- Which segments of a service the platform knows of.
SELECT organisation_id, segment FROM service_heads WHERE service = $1

-- name: tell_service_heads
-- The last segments of a service, told to the platform.
INSERT INTO service_heads (organisation_id, service, segment, events, segment_hash)
SELECT organisation_id, $1, segment, events, segment_hash
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[]) AS h (organisation_id, segment, events, segment_hash)
ON CONFLICT (organisation_id, service) DO UPDATE
    SET segment = EXCLUDED.segment, events = EXCLUDED.events, segment_hash = EXCLUDED.segment_hash

-- name: hold_heads
-- Be the only one to publish heads until the transaction ends; false where another is at it.
SELECT pg_try_advisory_xact_lock(hashtextextended('annotary heads', 0))

-- name: service_heads
-- The heads of all services, by organisation.
SELECT organisation_id, service, segment, events, segment_hash FROM service_heads ORDER BY organisation_id, service

-- name: last_heads
-- The last published head of each organisation.
SELECT DISTINCT ON (organisation_id) organisation_id, number, statement, signature FROM organisation_heads
ORDER BY organisation_id, number DESC

-- name: add_head
-- A head that was published.
INSERT INTO organisation_heads (organisation_id, number, statement, signature) VALUES ($1, $2, $3, $4)

-- name: run_of_event
-- The run that has an event.
SELECT organisation_id, first, sequences, transaction_ids FROM event_runs
WHERE span @> $1::bigint AND $1::bigint = ANY(sequences) AND organisation_id = $2

-- name: event_at
-- The bytes of an event at its place in the log.
SELECT event_bytes(e) AS stored FROM events e WHERE transaction_id = $1::bigint::text::xid8 AND sequence = $2

-- name: segment_over
-- The segment that has the place `$2` of a chain.
SELECT organisation_id, number, first, events, root, link, runs, previous, sealed_at, key_id, signature
FROM event_segments WHERE organisation_id = $1 AND first <= $2 ORDER BY first DESC LIMIT 1

-- name: leaves_between
-- The leaves of the runs between two places of a chain.
SELECT leaves FROM event_runs WHERE organisation_id = $1 AND first >= $2 AND first < $3 ORDER BY first
