-- name: take_turn
-- One process at a time publishes a log: a lock of the session, since an open transaction would hold up every reader.
SELECT pg_try_advisory_lock(hashtextextended('annotary relay ' || $1, 0))

-- name: end_turn
-- Let another process publish.
SELECT pg_advisory_unlock(hashtextextended('annotary relay ' || $1, 0))

-- name: latest_checkpoint
-- What was acknowledged last in a topic.
SELECT next_offsets FROM relay_checkpoints WHERE topic = $1 ORDER BY number DESC LIMIT 1

-- name: add_checkpoint
-- Everything up to a position is in the topic, below these offsets.
INSERT INTO relay_checkpoints (topic, next_offsets, transaction_id, sequence)
VALUES ($1, $2, $3::bigint::text::xid8, $4) RETURNING number

-- name: surviving_checkpoint
-- The latest checkpoint of which a topic that ends at these offsets still has everything.
SELECT number, transaction_id::text::bigint AS transaction_id, sequence, next_offsets
FROM relay_checkpoints
WHERE topic = $1 AND NOT EXISTS (
    SELECT FROM unnest(next_offsets, $2::bigint[]) AS place (next_offset, end_offset)
    WHERE next_offset > coalesce(end_offset, 0))
ORDER BY number DESC LIMIT 1

-- name: forget_after
-- Checkpoints whose records are gone.
DELETE FROM relay_checkpoints WHERE topic = $1 AND number > $2

-- name: thin
-- The older, the sparser: of those whose age in runs is between $3 * 2^k and twice that, one in 2^(k+1) stays.
DELETE FROM relay_checkpoints
WHERE topic = $1 AND $2::bigint - number > $3::bigint
    AND number % (1::bigint << ceil(log(2.0, ($2::bigint - number) / $3::numeric))::integer) <> 0
