-- name: add_webhook
-- A new webhook; none when the organisation has as many as it may.
INSERT INTO webhooks (id, organisation_id, url, description, event_types, projects, state, created_by, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, clock_now()
WHERE (SELECT count(*) FROM webhooks WHERE organisation_id = $2 AND state <> 'removed') < $9
RETURNING *

-- name: hold_organisation
-- Webhooks of an organisation are made one after the other, so that their number keeps its limit.
SELECT id FROM organisations WHERE id = $1 FOR UPDATE

-- name: webhook
-- One webhook of an organisation.
SELECT * FROM webhooks WHERE id = $2 AND organisation_id = $1 AND state <> 'removed'

-- name: hold_webhook
-- One webhook of an organisation, locked until its change commits.
SELECT * FROM webhooks WHERE id = $2 AND organisation_id = $1 AND state <> 'removed' FOR UPDATE

-- name: webhooks_page
-- The webhooks of an organisation, by their ids.
SELECT * FROM webhooks
WHERE organisation_id = $3 AND state <> 'removed' AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT $2

-- name: change_webhook
-- A webhook otherwise than it was; whatever it was disabled for is forgotten.
UPDATE webhooks SET url = $2, description = $3, event_types = $4, projects = $5, state = $6, reason = NULL,
    version = version + 1
WHERE id = $1 RETURNING *

-- name: rotate_webhook
-- A new secret; the one before signs as well until a time, if any.
UPDATE webhooks SET secret_number = secret_number + 1, version = version + 1,
    former_until = CASE WHEN $2::double precision > 0 THEN clock_now() + make_interval(secs => $2) END
WHERE id = $1 RETURNING *

-- name: remove_webhook
-- The row stays, so that no courier loses its place before everybody knows.
UPDATE webhooks SET state = 'removed', reason = NULL, version = version + 1 WHERE id = $1 RETURNING *

-- name: disable_webhook
-- Nothing more is sent, unless somebody changed the webhook meanwhile.
UPDATE webhooks SET state = 'disabled', reason = $3, version = version + 1
WHERE id = $1 AND version = $2 AND state = 'active' RETURNING *

-- name: recorded
-- The number of the event that this transaction wrote last.
SELECT sequence FROM events WHERE transaction_id = pg_current_xact_id() ORDER BY sequence DESC LIMIT 1

-- name: projects_there
-- Those of these projects that the organisation has.
SELECT id FROM projects WHERE organisation_id = $1 AND id = ANY($2) AND state <> 'deleted'

-- name: look
-- Every active webhook with its courier, whether something of it is due, and where the log ends.
SELECT w.id, w.url, w.version, w.secret_number, w.former_until, w.created_at, l.webhook_version, l.gone_reason,
    l.transaction_id::text::bigint AS transaction_id, l.sequence,
    last.transaction_id::text::bigint AS last_transaction_id, last.sequence AS last_sequence,
    (l.open_until IS NULL OR l.open_until <= clock_now()) AND EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.due_at <= clock_now()) AS due
FROM webhooks w LEFT JOIN webhook_couriers l ON l.webhook_id = w.id
LEFT JOIN (SELECT transaction_id, sequence FROM events WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction_id DESC, sequence DESC LIMIT 1) AS last ON true
WHERE w.state = 'active'

-- name: add_courier
-- A courier begins.
INSERT INTO webhook_couriers (webhook_id, webhook_version, transaction_id, sequence, since)
VALUES ($1, $2, $3::bigint::text::xid8, $4, $5) ON CONFLICT DO NOTHING

-- name: begin_anew
-- The webhook was changed: the circuit is closed, and what waits is tried at once, from the first try on.
WITH courier AS (
    UPDATE webhook_couriers SET webhook_version = $2, failures = 0, failing_since = NULL, open_until = NULL,
        gone_reason = NULL
    WHERE webhook_id = $1 AND webhook_version < $2 RETURNING webhook_id
)
UPDATE webhook_deliveries d SET tries = 0, due_at = clock_now(),
    deadline_at = clock_now() + make_interval(secs => $3)
FROM courier WHERE d.webhook_id = courier.webhook_id AND d.state = 'waiting'

-- name: take_in
-- The next events of the log: those that are wanted become deliveries, and the courier moves past all of them.
WITH courier AS (
    SELECT l.webhook_id, l.transaction_id, l.sequence, l.since, w.organisation_id, w.event_types, w.projects,
        (SELECT count(*) FROM (SELECT FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.state = 'waiting'
            LIMIT $3) AS waiting) AS waiting
    FROM webhook_couriers l JOIN webhooks w ON w.id = l.webhook_id
    WHERE l.webhook_id = $1 AND w.state = 'active' AND l.gone_reason IS NULL
    FOR UPDATE OF l
), seen AS (
    SELECT e.* FROM courier CROSS JOIN LATERAL (
        SELECT * FROM events
        WHERE (transaction_id, sequence) > (courier.transaction_id, courier.sequence)
            AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY transaction_id, sequence
        LIMIT (SELECT least($2, $3 - waiting) FROM courier)
    ) AS e
), wanted AS (
    INSERT INTO webhook_deliveries (webhook_id, sequence, transaction_id, type, due_at, deadline_at, created_at)
    SELECT courier.webhook_id, seen.sequence, seen.transaction_id, seen.type, clock_now(),
        clock_now() + make_interval(secs => $4), clock_now()
    FROM seen, courier
    WHERE seen.organisation_id = courier.organisation_id AND seen.occurred_at >= courier.since
        AND CASE WHEN seen.type = $5 THEN seen.subject_id = courier.webhook_id ELSE
            (cardinality(event_types) = 0 OR seen.type = ANY(event_types)
                OR split_part(seen.type, '.', 1) || '.*' = ANY(event_types))
            AND (cardinality(projects) = 0 OR project_of_event(seen.subject_id, seen.data) = ANY(projects))
        END
    ON CONFLICT (webhook_id, sequence) DO UPDATE SET state = 'waiting', tries = 0, ended_at = NULL,
        due_at = excluded.due_at, deadline_at = excluded.deadline_at
    RETURNING sequence
), moved AS (
    UPDATE webhook_couriers l SET transaction_id = last.transaction_id, sequence = last.sequence
    FROM (SELECT transaction_id, sequence FROM seen ORDER BY transaction_id DESC, sequence DESC LIMIT 1) AS last
    WHERE l.webhook_id = $1
)
SELECT (SELECT count(*) FROM seen) AS seen, (SELECT count(*) FROM wanted) AS wanted

-- name: take
-- Deliveries that are due, as many as there is room for; of a circuit that is half open one, and the next later.
WITH courier AS (
    SELECT l.webhook_id, l.open_until FROM webhook_couriers l JOIN webhooks w ON w.id = l.webhook_id
    WHERE l.webhook_id = $1 AND w.state = 'active' AND l.gone_reason IS NULL
        AND (l.open_until IS NULL OR l.open_until <= clock_now())
    FOR UPDATE OF l
), due AS (
    SELECT d.webhook_id, d.sequence FROM webhook_deliveries d
    WHERE d.webhook_id = (SELECT webhook_id FROM courier) AND d.state = 'waiting' AND d.due_at <= clock_now()
    ORDER BY d.due_at, d.sequence
    LIMIT (SELECT CASE WHEN open_until IS NULL THEN $2 ELSE 1 END FROM courier)
    FOR UPDATE OF d SKIP LOCKED
), probing AS (
    UPDATE webhook_couriers l SET open_until = clock_now() + make_interval(secs => $3)
    FROM courier WHERE l.webhook_id = courier.webhook_id AND courier.open_until IS NOT NULL AND EXISTS (SELECT FROM due)
), taken AS (
    UPDATE webhook_deliveries d SET tries = least(d.tries + 1, 32767),
        due_at = clock_now() + make_interval(secs => $3)
    FROM due WHERE d.webhook_id = due.webhook_id AND d.sequence = due.sequence
    RETURNING d.sequence, d.transaction_id, d.tries, d.deadline_at
)
SELECT t.sequence, t.tries, t.deadline_at, (SELECT open_until IS NOT NULL FROM courier) AS probe,
    e.organisation_id, e.type, e.schema_version, e.subject_id, e.actor_id, e.occurred_at, e.data, e.traceparent,
    t.transaction_id::text::bigint AS transaction_id
FROM taken t LEFT JOIN events e ON e.transaction_id = t.transaction_id AND e.sequence = t.sequence
ORDER BY t.sequence

-- name: hold_courier
-- How the receiver of a courier does, locked until what its tries came to is in.
SELECT failures, failing_since, open_until, clock_now() AS now FROM webhook_couriers WHERE webhook_id = $1 FOR UPDATE

-- name: end_tries
-- What tries came to. One that was begun again meanwhile says nothing, unless it brought the event there.
UPDATE webhook_deliveries d SET state = t.state, due_at = coalesce(t.due_at, d.due_at), code = t.code,
    reason = t.reason, seconds = t.seconds, ended_at = CASE WHEN t.state <> 'waiting' THEN clock_now() END
FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::timestamptz[], $6::smallint[], $7::text[], $8::real[])
    AS t (sequence, tries, state, due_at, code, reason, seconds)
WHERE d.webhook_id = $1 AND d.sequence = t.sequence AND d.state = 'waiting'
    AND (d.tries = t.tries OR t.state = 'delivered')

-- name: move_circuit
-- How the receiver does now.
UPDATE webhook_couriers SET failures = $2, failing_since = $3, open_until = $4,
    gone_reason = coalesce(gone_reason, $5) WHERE webhook_id = $1

-- name: bury
-- What waited behind an open circuit until its time was over.
UPDATE webhook_deliveries d SET state = 'dead', ended_at = clock_now(),
    reason = left('the receiver failed all along: ' || coalesce(d.reason, 'not tried for that'), $1)
FROM webhook_couriers l JOIN webhooks w ON w.id = l.webhook_id
WHERE d.webhook_id = l.webhook_id AND d.state = 'waiting' AND d.due_at <= clock_now()
    AND d.deadline_at <= clock_now() AND l.open_until > clock_now() AND w.state = 'active'

-- name: trim
-- Old deliveries that have ended, and all of webhooks that were removed.
WITH dropped AS (
    DELETE FROM webhook_couriers l USING webhooks w WHERE w.id = l.webhook_id AND w.state = 'removed'
), old AS (
    SELECT webhook_id, sequence FROM webhook_deliveries
    WHERE ended_at < clock_now() - make_interval(days => CASE state WHEN 'dead' THEN $2::integer ELSE $1::integer END)
    UNION ALL
    SELECT d.webhook_id, d.sequence FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id
    WHERE w.state = 'removed'
    LIMIT $3
)
DELETE FROM webhook_deliveries d USING old WHERE d.webhook_id = old.webhook_id AND d.sequence = old.sequence

-- name: deliveries_page
-- The deliveries of a webhook, the newest events first.
SELECT sequence, transaction_id::text::bigint AS transaction_id, type, state, tries, due_at, created_at, ended_at,
    code, reason, seconds
FROM webhook_deliveries
WHERE webhook_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR sequence < $3)
ORDER BY sequence DESC LIMIT $4

-- name: redeliver
-- An event is sent again, with all its tries.
UPDATE webhook_deliveries SET state = 'waiting', tries = 0, ended_at = NULL, due_at = clock_now(),
    deadline_at = clock_now() + make_interval(secs => $3)
WHERE webhook_id = $1 AND sequence = $2
RETURNING sequence, transaction_id::text::bigint AS transaction_id, type, state, tries, due_at, created_at, ended_at,
    code, reason, seconds

-- name: replay
-- The courier goes on from another place, with events from a time on.
UPDATE webhook_couriers SET transaction_id = $2::bigint::text::xid8, sequence = $3, since = $4 WHERE webhook_id = $1
RETURNING webhook_id

-- name: courier
-- How far a webhook has come in this service's log, and how its receiver does; counted up to a limit.
SELECT l.transaction_id::text::bigint AS transaction_id, l.sequence, l.failures, l.open_until, clock_now() AS now,
    (SELECT count(*) FROM (SELECT FROM events e
        WHERE (e.transaction_id, e.sequence) > (l.transaction_id, l.sequence)
            AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) LIMIT $2) AS ahead) AS events_behind,
    (SELECT count(*) FROM (SELECT FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.state = 'waiting'
        LIMIT $2) AS waiting) AS waiting,
    (SELECT count(*) FROM (SELECT FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.state = 'dead'
        LIMIT $2) AS dead) AS dead,
    (SELECT min(created_at) FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.state = 'waiting') AS oldest
FROM webhook_couriers l WHERE l.webhook_id = $1

-- name: lags
-- What the couriers of active webhooks are behind, for the metrics: events to look at, seconds, circuits that are open.
SELECT coalesce(max(behind), 0)::double precision AS events_behind,
    coalesce(max(seconds), 0)::double precision AS seconds_behind,
    count(*) FILTER (WHERE is_open)::double precision AS circuits_open
FROM (
    SELECT l.open_until IS NOT NULL AS is_open,
        (SELECT count(*) FROM (SELECT FROM events e
            WHERE (e.transaction_id, e.sequence) > (l.transaction_id, l.sequence) LIMIT $1) AS ahead) AS behind,
        (SELECT extract(epoch FROM clock_now() - min(d.created_at)) FROM webhook_deliveries d
            WHERE d.webhook_id = l.webhook_id AND d.state = 'waiting') AS seconds
    FROM webhook_couriers l JOIN webhooks w ON w.id = l.webhook_id AND w.state = 'active'
) AS couriers
