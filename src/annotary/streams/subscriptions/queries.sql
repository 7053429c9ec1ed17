-- name: add_subscription
-- A subscription is made, unless there is one of its name.
INSERT INTO subscriptions (id, organisation_id, member_id, name, types, project_id, lanes, lease_seconds, tries_most)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (organisation_id, name) DO NOTHING
RETURNING *

-- name: change_subscription
-- What can be changed of a subscription; its lanes cannot.
UPDATE subscriptions SET types = $2, project_id = $3, lease_seconds = $4, tries_most = $5, version = version + 1
WHERE id = $1 RETURNING *

-- name: add_lanes
-- The lanes of a new subscription.
INSERT INTO subscription_lanes (subscription_id, lane, lot) SELECT $1, lane, $3 FROM generate_series(0, $2 - 1) AS lane

-- name: start_lanes
-- Where the lanes of a new subscription begin.
INSERT INTO consumers (name, source, transaction_id, sequence)
SELECT name, $2, $3::bigint::text::xid8, $4 FROM unnest($1::text[]) AS name

-- name: subscription
-- A subscription by name.
SELECT * FROM subscriptions WHERE organisation_id = $1 AND name = $2

-- name: subscriptions
-- The subscriptions of an organisation, or those of one of its members.
SELECT * FROM subscriptions WHERE organisation_id = $1 AND ($2::uuid IS NULL OR member_id = $2) ORDER BY name

-- name: all_subscriptions
-- Every subscription of this service, for its metrics.
SELECT * FROM subscriptions ORDER BY organisation_id, name

-- name: count_subscriptions
-- How many an organisation has.
SELECT count(*) FROM subscriptions WHERE organisation_id = $1

-- name: remove_subscription
-- A subscription goes, with its lanes and what it parked.
DELETE FROM subscriptions WHERE id = $1 RETURNING id

-- name: remove_positions
-- The positions of lanes that are gone.
DELETE FROM consumers WHERE name = ANY($1::text[]) AND source = $2

-- name: free_lane
-- The lane that waits longest of those that nobody holds, but for some; whoever finds it locked takes the next.
SELECT lane, lease, given_transactions, given_sequences, end_transaction, end_sequence, again, lot, tried, tries
FROM subscription_lanes
WHERE subscription_id = $1 AND (expires_at IS NULL OR expires_at <= clock_now())
    AND (rests_until IS NULL OR rests_until <= clock_now()) AND lane <> ALL($2::smallint[])
ORDER BY taken_at, lane LIMIT 1 FOR UPDATE SKIP LOCKED

-- name: leased_lane
-- A lane that is held by a lease which is not over.
SELECT lane, lease, given_transactions, given_sequences, end_transaction, end_sequence, again, lot, tried, tries
FROM subscription_lanes
WHERE subscription_id = $1 AND lane = $2 AND lease = $3 AND expires_at > clock_now() FOR UPDATE

-- name: put_lane
-- A lane as it stands now; with a lease it is held for so many seconds.
UPDATE subscription_lanes SET lease = $3, expires_at = CASE WHEN $3::uuid IS NULL THEN NULL
        ELSE clock_now() + make_interval(secs => $4) END,
    given_transactions = $5, given_sequences = $6, end_transaction = $7, end_sequence = $8, again = $9, lot = $10,
    tried = $11, tries = $12, rests_until = CASE WHEN $13::float8 > 0 THEN clock_now() + make_interval(secs => $13) END,
    taken_at = clock_timestamp()
WHERE subscription_id = $1 AND lane = $2 RETURNING expires_at

-- name: park
-- An event is put aside with the reason; no row where as many are parked already as may be.
INSERT INTO subscription_parked (subscription_id, transaction_id, sequence, lane, tries, reason)
SELECT $1, $2::bigint::text::xid8, $3, $4, $5, $6
WHERE (SELECT count(*) FROM subscription_parked WHERE subscription_id = $1) < $7
    OR EXISTS (SELECT 1 FROM subscription_parked WHERE subscription_id = $1 AND sequence = $3)
ON CONFLICT (subscription_id, sequence) DO UPDATE
    SET tries = subscription_parked.tries + EXCLUDED.tries, reason = EXCLUDED.reason, again = false
RETURNING sequence

-- name: wanted_again
-- The first parked event of a lane that is wanted once more.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM subscription_parked
WHERE subscription_id = $1 AND lane = $2 AND again ORDER BY sequence LIMIT 1

-- name: drop_parked
-- A parked event was dealt with, or is not wanted any more.
DELETE FROM subscription_parked WHERE subscription_id = $1 AND sequence = $2 RETURNING sequence

-- name: retry_parked
-- A parked event is to be given out once more.
UPDATE subscription_parked SET again = true WHERE subscription_id = $1 AND sequence = $2 RETURNING sequence

-- name: parked_page
-- What is parked, in the order of the log.
SELECT sequence, lane, tries, reason, again, parked_at FROM subscription_parked
WHERE subscription_id = $1 AND ($2::bigint IS NULL OR sequence > $2) ORDER BY sequence LIMIT $3

-- name: count_parked
-- How many events are parked.
SELECT count(*) FROM subscription_parked WHERE subscription_id = $1

-- name: lag
-- How many of the next events of an organisation wait for a subscription's lanes, and the first of them how long.
SELECT count(*) AS events, coalesce(extract(epoch FROM clock_now() - min(occurred_at)), 0)::float8 AS seconds
FROM (
    SELECT e.transaction_id, e.sequence, e.occurred_at, e.type, e.organisation_id, lane_of(e.subject_id, $2::bigint) AS lane
    FROM events e
    WHERE (e.transaction_id, e.sequence) > (SELECT p.transaction_id, p.sequence FROM consumers p
        WHERE p.name = ANY($1::text[]) ORDER BY p.transaction_id, p.sequence LIMIT 1)
    ORDER BY e.transaction_id, e.sequence LIMIT $5
) AS ahead
JOIN consumers c ON c.name = ($1::text[])[ahead.lane + 1]
WHERE (ahead.transaction_id, ahead.sequence) > (c.transaction_id, c.sequence)
    AND ahead.organisation_id = $3 AND ahead.type LIKE ANY ($4::text[])
