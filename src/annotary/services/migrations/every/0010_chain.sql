-- The proof over the log: which bytes an event had, in which order, signed. One appender a service writes all of it,
-- behind the writers, who know nothing of it. docs/event-log.md says what is hashed.

-- What is hashed of an event: its columns, big-endian, those of varying length after their length in bytes, but for
-- the last, a trace, where there is one.
-- The time is in microseconds since 2000. Where it stands among transactions is not part of it: a restored backup
-- has other transaction ids.
CREATE FUNCTION event_bytes(e events) RETURNS bytea LANGUAGE sql STABLE AS
$$ SELECT int8send(e.sequence) || uuid_send(e.organisation_id)
    || int4send(octet_length(e.type)) || textsend(e.type) || int2send(e.schema_version) || uuid_send(e.subject_id)
    || coalesce('\x01'::bytea || uuid_send(e.actor_id), '\x00') || timestamptz_send(e.occurred_at)
    || int4send(octet_length(e.data::text)) || json_send(e.data)
    || coalesce(textsend(e.traceparent), '') $$;

CREATE FUNCTION span_of(sequences bigint[]) RETURNS int8range LANGUAGE sql IMMUTABLE AS
$$ SELECT int8range(min(sequence), max(sequence), '[]') FROM unnest(sequences) AS sequence $$;

-- Where an organisation's chain stands in this service: how many events it has, its last link, how many of them lie in
-- segments, how many segments there are, and the hash of what the last one states.
CREATE TABLE chains (
    organisation_id uuid PRIMARY KEY,
    events bigint NOT NULL DEFAULT 0,
    link bytea NOT NULL CHECK (octet_length(link) = 32),
    sealed bigint NOT NULL DEFAULT 0 CHECK (sealed BETWEEN 0 AND events),
    segments bigint NOT NULL DEFAULT 0 CHECK (segments >= 0),
    segment_hash bytea NOT NULL CHECK (octet_length(segment_hash) = 32)
);

-- Events in the order of their chain, many in a row: which they are (`transaction_ids` only serve to find them; a
-- restored backup has others), their leaves one after the other, and the chain's link before and after them.
-- The key makes a fork impossible, whoever appends. `stamp` holds `appended_at` to the links.
CREATE TABLE event_runs (
    organisation_id uuid NOT NULL,
    first bigint NOT NULL CHECK (first >= 0),
    sequences bigint[] NOT NULL,
    transaction_ids bigint[] NOT NULL,
    leaves bytea NOT NULL,
    link_before bytea NOT NULL CHECK (octet_length(link_before) = 32),
    link_after bytea NOT NULL CHECK (octet_length(link_after) = 32),
    appended_at timestamptz NOT NULL,
    stamp bytea NOT NULL CHECK (octet_length(stamp) = 32),
    span int8range NOT NULL GENERATED ALWAYS AS (span_of(sequences)) STORED,
    PRIMARY KEY (organisation_id, first),
    CHECK (cardinality(sequences) > 0 AND cardinality(sequences) = cardinality(transaction_ids)
        AND octet_length(leaves) = 32 * cardinality(sequences))
);
ALTER TABLE event_runs ALTER COLUMN leaves SET STORAGE EXTERNAL;
CREATE INDEX event_runs_span ON event_runs USING gist (span);

-- Runs that were sealed: the Merkle root over their leaves, signed. `runs` is the hash over the runs' stamps,
-- `previous` that of what the segment before states.
CREATE TABLE event_segments (
    organisation_id uuid NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    first bigint NOT NULL CHECK (first >= 0),
    events bigint NOT NULL CHECK (events > 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    link bytea NOT NULL CHECK (octet_length(link) = 32),
    runs bytea NOT NULL CHECK (octet_length(runs) = 32),
    previous bytea NOT NULL CHECK (octet_length(previous) = 32),
    sealed_at timestamptz NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (organisation_id, number),
    UNIQUE (organisation_id, first)
);

-- The public halves of the keys that signed something here; `id` is made from the key.
CREATE TABLE chain_keys (
    id text PRIMARY KEY,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32)
);
