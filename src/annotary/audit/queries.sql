-- name: log_size
-- How many events a log has.
SELECT count(*) FROM events

-- name: redactions
-- The erasures that owners ordered.
SELECT data::text FROM events WHERE type = 'event.redacted'

-- name: organisations
-- Whose chains, or parts of one, are here.
SELECT organisation_id FROM chains UNION SELECT organisation_id FROM event_runs
UNION SELECT organisation_id FROM event_segments ORDER BY organisation_id

-- name: chain
-- Where a chain is said to stand.
SELECT organisation_id, events, link, sealed, segments, segment_hash FROM chains WHERE organisation_id = $1

-- name: segments
-- The segments of a chain.
SELECT organisation_id, number, first, events, root, link, runs, previous, sealed_at, key_id, signature
FROM event_segments WHERE organisation_id = $1 ORDER BY number

-- name: runs
-- The next runs of a chain, each with the bytes of the events that lie from its first to its last in the log now, and
-- whether these are its own, in its order: a run is a stretch of the log unless a backup was restored since.
SELECT r.organisation_id, r.first, r.sequences, r.transaction_ids, r.leaves, r.link_before, r.link_after,
    r.appended_at, r.stamp, found.stored,
    found.sequences = r.sequences AND found.transaction_ids = r.transaction_ids AS is_stretch
FROM (SELECT * FROM event_runs WHERE organisation_id = $1 AND first > $2 ORDER BY first LIMIT $3) AS r
CROSS JOIN LATERAL (
    SELECT array_agg(stored) AS stored, array_agg(sequence) AS sequences, array_agg(at) AS transaction_ids FROM (
        SELECT event_bytes(e) AS stored, e.sequence, e.transaction_id::text::bigint AS at FROM events e
        WHERE e.organisation_id = r.organisation_id
            AND (e.transaction_id, e.sequence) >= (r.transaction_ids[1]::text::xid8, r.sequences[1])
            AND (e.transaction_id, e.sequence) <= (r.transaction_ids[cardinality(r.transaction_ids)]::text::xid8,
                r.sequences[cardinality(r.sequences)])
        -- An organisation with little among others with much is looked up event by event.
            AND upper(r.span) - lower(r.span) <= $4 * cardinality(r.sequences)
        ORDER BY e.transaction_id, e.sequence
    ) AS stretch
) AS found
ORDER BY r.first

-- name: events_of_run
-- The bytes of a run's events as they are stored now, each looked up by itself; null for one that is gone.
SELECT array_agg(event_bytes(e) ORDER BY u.n) AS stored
FROM event_runs r, unnest(r.sequences, r.transaction_ids) WITH ORDINALITY AS u (sequence, at, n)
LEFT JOIN events e ON e.transaction_id = u.at::text::xid8 AND e.sequence = u.sequence
WHERE r.organisation_id = $1 AND r.first = $2

-- name: appended_to
-- Where the appender stands.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM consumers WHERE name = $1 AND source = $2

-- name: passed
-- How many events lie before a position.
SELECT count(*) FROM events WHERE (transaction_id, sequence) <= ($1::bigint::text::xid8, $2::bigint)

-- name: strays
-- Events before a position that are in no run.
SELECT e.sequence FROM events e
WHERE (e.transaction_id, e.sequence) <= ($1::bigint::text::xid8, $2::bigint)
    AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(sequences) AS sequence FROM event_runs) AS r
        WHERE r.sequence = e.sequence)
ORDER BY e.sequence LIMIT 10

-- name: heads
-- All heads as they were published.
SELECT organisation_id, number, statement, signature FROM organisation_heads ORDER BY organisation_id, number

-- name: hold_event
-- The bytes of an event, locked.
SELECT event_bytes(e) FROM events e WHERE transaction_id = $1::bigint::text::xid8 AND sequence = $2 FOR UPDATE

-- name: still_reading
-- A consumer inside that has not come past an event. What is called $4 hands events on to the outside, as
-- subscriptions do: it tells what is left, and may have been switched off long ago.
SELECT name FROM consumers
WHERE source = $1 AND (transaction_id, sequence) < ($2::bigint::text::xid8, $3::bigint)
    AND name <> $4 AND name NOT LIKE 'subscription/%'
ORDER BY name LIMIT 1

-- name: leaves_of_run
-- The leaves of one run.
SELECT leaves FROM event_runs WHERE organisation_id = $1 AND first = $2

-- name: erase_event
-- What an event says becomes that it was erased.
UPDATE events SET data = $3 WHERE transaction_id = $1::bigint::text::xid8 AND sequence = $2
