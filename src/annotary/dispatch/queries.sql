-- name: claim_group
-- Serve all waiting claims; the function is in migrations/modality/0003_dispatch.sql.
SELECT * FROM claim_tasks($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: take_keys
-- Keys of claims that carry one, in the claim's own transaction.
INSERT INTO idempotency_keys (member_id, key, request_hash, status, reference_id)
SELECT member_id, key, request_hash, 200, reference_id
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[]) AS taken (member_id, key, request_hash, reference_id)
ON CONFLICT DO NOTHING
RETURNING member_id, key

-- name: free_keys
-- Keys of claims that got nothing, taken in this transaction.
DELETE FROM idempotency_keys USING unnest($1::uuid[], $2::text[]) AS empty (member_id, key)
WHERE idempotency_keys.member_id = empty.member_id AND idempotency_keys.key = empty.key

-- name: leases_claimed_with
-- What one request was given, for the repetition of its reply.
SELECT a.id AS assignment_id, a.fence, a.expires_at, a.task_id,
    CASE t.state WHEN 'gold' THEN NULL ELSE t.order_key END AS order_key, t.stage, a.ontology_version_id,
    a.instructions_version, i.item_id, i.unique_id, i.payload, i.suggestions, a.project_id
FROM assignments a JOIN tasks t ON t.id = a.task_id JOIN task_items i ON i.task_id = a.task_id
WHERE a.claimed_with = $1 AND a.member_id = $2 ORDER BY t.order_key, t.id

-- name: live_lease
-- A lease that a member holds, as the claim gave it.
SELECT a.id AS assignment_id, a.fence, a.expires_at, a.task_id, NULL::timestamptz AS order_key, t.stage,
    a.ontology_version_id, a.instructions_version, i.item_id, i.unique_id, i.payload, i.suggestions, a.project_id
FROM assignments a JOIN tasks t ON t.id = a.task_id JOIN task_items i ON i.task_id = a.task_id
WHERE a.id = $1 AND a.member_id = $2 AND a.state = 'leased' AND a.expires_at > clock_now()

-- name: active_projects
-- What can be claimed from, and each project's share.
SELECT id, organisation_id, weight FROM projects WHERE state = 'active'

-- name: project
-- One project, whatever its state.
SELECT id, organisation_id, state, overlap, ontology_version_id, lease_seconds, quality FROM projects WHERE id = $1

-- name: renew
-- Put the end of a lease off; only its holder, with its fence, before it is over.
UPDATE assignments a SET expires_at = clock_now() + make_interval(secs => p.lease_seconds)
FROM projects p
WHERE a.id = $1 AND a.member_id = $2 AND a.fence = $3 AND a.state = 'leased' AND a.expires_at > clock_now()
    AND p.id = a.project_id
RETURNING a.id, a.fence, a.expires_at

-- name: end_lease
-- Give a task back (released) or pass it over (skipped); its slot is free again.
WITH ended AS (
    UPDATE assignments SET state = $4, ended_at = clock_now(), reason = $5
    WHERE id = $1 AND member_id = $2 AND fence = $3 AND state = 'leased' AND expires_at > clock_now()
    RETURNING id, task_id, organisation_id, project_id, member_id
), freed AS (
    UPDATE tasks SET leased = leased - 1 FROM ended WHERE tasks.id = ended.task_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'task.' || $4, task_id, member_id, clock_now(),
        json_build_object('assignment', id, 'reason', $5::text) FROM ended
)
SELECT project_id FROM ended

-- name: expire_leases
-- Leases that are over by the database's clock: their slots are free again.
WITH over AS (
    SELECT id FROM assignments WHERE state = 'leased' AND expires_at <= clock_now()
    ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE assignments a SET state = 'expired', ended_at = clock_now() FROM over WHERE a.id = over.id
    RETURNING a.id, a.task_id, a.organisation_id, a.member_id
), freed AS (
    UPDATE tasks SET leased = tasks.leased - e.slots
    FROM (SELECT task_id, count(*)::smallint AS slots FROM ended GROUP BY task_id) AS e WHERE tasks.id = e.task_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'task.expired', task_id, member_id, clock_now(), json_build_object('assignment', id)
    FROM ended
)
SELECT count(*) FROM ended

-- name: assignment
-- The record of one assignment.
SELECT id, task_id, project_id, organisation_id, member_id, state, fence, claimed_at, expires_at, ended_at,
    submission_id, expires_at <= clock_now() AS is_over
FROM assignments WHERE id = $1

-- name: live_assignments
-- What a member holds now.
SELECT id, task_id, project_id, organisation_id, member_id, state, fence, claimed_at, expires_at, ended_at,
    submission_id, false AS is_over
FROM assignments WHERE member_id = $3 AND state = 'leased' AND expires_at > clock_now() AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id LIMIT $2

-- name: insert_batch
-- A batch, before its tasks are released.
INSERT INTO batches (id, organisation_id, project_id, name, priority, deadline, overlap, order_key, created_by,
    skill_minimum, target, shuffle_seed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING *

-- name: batch
-- One batch.
SELECT * FROM batches WHERE id = $1

-- name: batches
-- The batches of a project, oldest first.
SELECT * FROM batches WHERE project_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT $2

-- name: change_batch
-- What a manager changed; the version guards against a lost update.
UPDATE batches SET state = $2, priority = $3, deadline = $4, order_key = $5, shuffle_seed = $6, target = $8,
    version = version + 1
WHERE id = $1 AND version = $7 RETURNING *

-- name: reorder_batch
-- Give a bounded number of a batch's tasks the batch's new place, and its new state when that changed ($3).
WITH late AS (
    SELECT t.id, t.state AS state_before FROM tasks t JOIN batches b ON b.id = t.batch_id
    WHERE t.batch_id = $1 AND t.state IN ('open', 'paused')
        AND (t.order_key <> place_in_batch(b.order_key, b.shuffle_seed, t.id) OR ($3 AND t.state <> b.state))
    ORDER BY t.id LIMIT $2 FOR UPDATE OF t
), changed AS (
    UPDATE tasks t SET order_key = place_in_batch(b.order_key, b.shuffle_seed, t.id),
        state = CASE WHEN $3 THEN b.state ELSE t.state END
    FROM late, batches b WHERE t.id = late.id AND b.id = t.batch_id
    RETURNING t.id, t.organisation_id, t.state, late.state_before
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, CASE state WHEN 'open' THEN 'task.resumed' ELSE 'task.' || state END, id, clock_now(),
        json_build_object('reason', 'its batch') FROM changed WHERE state <> state_before
)
SELECT count(*) FROM changed

-- name: task
-- One task with what never changes about it.
SELECT t.id, t.project_id, t.organisation_id, t.batch_id, t.stage, t.state, t.overlap, t.leased, t.answered,
    CASE WHEN t.state <> 'gold' THEN nullif(t.reserved_for, '00000000-0000-0000-0000-000000000000') END AS reserved_for,
    i.item_id, i.unique_id, i.created_at
FROM tasks t JOIN task_items i ON i.task_id = t.id WHERE t.id = $1

-- name: tasks
-- The tasks of a project in the order of their making: those that pass the filter, of them those named by id if any are.
SELECT t.id, t.project_id, t.organisation_id, t.batch_id, t.stage, t.state, t.overlap, t.leased, t.answered,
    CASE WHEN t.state <> 'gold' THEN nullif(t.reserved_for, '00000000-0000-0000-0000-000000000000') END AS reserved_for,
    i.item_id, i.unique_id, i.created_at
FROM task_items i JOIN tasks t ON t.id = i.task_id
WHERE i.project_id = $3 AND i.task_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND ($4::text IS NULL OR t.state = $4) AND ($5::uuid IS NULL OR t.batch_id = $5)
    AND ($6::text IS NULL OR i.unique_id = $6) AND ($7::uuid[] IS NULL OR i.task_id = ANY($7))
ORDER BY i.task_id LIMIT $2

-- name: held_tasks
-- The tasks of a project that are under a lease now: of anybody, or of one member.
SELECT DISTINCT task_id FROM assignments
WHERE state = 'leased' AND expires_at > clock_now() AND project_id = $1 AND ($2::uuid IS NULL OR member_id = $2)
ORDER BY task_id LIMIT $3

-- name: holders
-- Who has these tasks under a lease now.
SELECT a.id, a.task_id, a.member_id, coalesce(m.name, '') AS name, a.claimed_at, a.expires_at
FROM assignments a LEFT JOIN members m ON m.id = a.member_id
WHERE a.task_id = ANY($1::uuid[]) AND a.state = 'leased' AND a.expires_at > clock_now() ORDER BY a.id

-- name: batches_progress
-- How far the batches of a project are; $2 is the first id of the last hour.
WITH recent AS MATERIALIZED (
    SELECT t.batch_id, count(*) AS answers FROM submissions s JOIN tasks t ON t.id = s.task_id
    WHERE s.id >= $2 AND s.project_id = $1 GROUP BY t.batch_id
)
SELECT t.batch_id, count(*) FILTER (WHERE t.state = 'open') AS open,
    count(*) FILTER (WHERE t.state = 'paused') AS paused, count(*) FILTER (WHERE t.state = 'done') AS done,
    count(*) FILTER (WHERE t.state = 'cancelled') AS cancelled, sum(t.leased) AS leased,
    sum(CASE t.state WHEN 'cancelled' THEN t.answered ELSE t.overlap END) AS asked, sum(t.answered) AS answered,
    coalesce(min(r.answers), 0) AS answered_last_hour
FROM tasks t LEFT JOIN recent r ON r.batch_id = t.batch_id
WHERE t.project_id = $1 AND t.state <> 'gold' GROUP BY t.batch_id

-- name: tasks_for_change
-- Tasks a manager acts on, locked in one order.
SELECT id, project_id, organisation_id, state, leased FROM tasks WHERE id = ANY($1) ORDER BY id FOR UPDATE

-- name: had_by
-- Which of these tasks a member cannot be given any more: answered, skipped or set aside.
SELECT task_id FROM assignments
WHERE task_id = ANY($1) AND member_id = $2 AND state IN ('submitted', 'skipped', 'set_aside')

-- name: revoke_leases
-- Take live leases back.
WITH ended AS (
    UPDATE assignments SET state = 'revoked', ended_at = clock_now(), reason = $2
    WHERE task_id = ANY($1) AND state = 'leased' RETURNING id, task_id, organisation_id, member_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'task.revoked', task_id, $3, clock_now(),
        json_build_object('assignment', id, 'member', member_id, 'reason', $2::text) FROM ended
)
UPDATE tasks SET leased = tasks.leased - e.slots
FROM (SELECT task_id, count(*)::smallint AS slots FROM ended GROUP BY task_id) AS e WHERE tasks.id = e.task_id

-- name: set_task_state
-- Pause, resume or cancel tasks.
UPDATE tasks SET state = $2 WHERE id = ANY($1)

-- name: reserve_tasks
-- Keep tasks for one member.
UPDATE tasks SET reserved_for = $2, state = 'open' WHERE id = ANY($1)
