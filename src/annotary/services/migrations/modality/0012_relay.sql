-- What Kafka has acknowledged, run by run: every event up to the position is in the topic, in partition p below
-- next_offsets[p + 1]. When a broker ends before that, the relay goes back to the latest that still holds.
CREATE TABLE relay_checkpoints (
    number bigint GENERATED ALWAYS AS IDENTITY,
    topic text NOT NULL,
    next_offsets bigint[] NOT NULL CHECK (0 <= ALL (next_offsets)),
    transaction_id xid8 NOT NULL,
    sequence bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, number)
);
