-- name: note_trace
-- The trace that this transaction's events are of.
SELECT set_config('annotary.traceparent', $1, true)

-- name: take_key
-- True when the key is new. Waits for a request under way with the same key, so exactly one of them acts.
INSERT INTO idempotency_keys (member_id, key, request_hash) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING true

-- name: kept_reply
-- What the request that had this key was answered.
SELECT request_hash, status, reply, reference_id FROM idempotency_keys WHERE member_id = $1 AND key = $2

-- name: keep_reply
-- Keep the reply with the key, in the transaction of the change.
UPDATE idempotency_keys SET status = $3, reply = $4 WHERE member_id = $1 AND key = $2

-- name: forget_keys
-- Keys are kept for a stated time; a bounded number a call.
DELETE FROM idempotency_keys WHERE (member_id, key) IN (
    SELECT member_id, key FROM idempotency_keys WHERE created_at < clock_now() - make_interval(hours => $1) LIMIT $2)

-- name: ping
-- The database answers.
SELECT 1
