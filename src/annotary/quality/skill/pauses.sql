-- name: add_pause
-- A pause, with how far back the annotator's work is asked for again (days; 0: not at all).
INSERT INTO pauses (id, project_id, organisation_id, member_id, state, reason, paused_by, paused_at, requeue_from, looked_to)
VALUES ($1, $2, $3, $4, 'waiting', $5, $6, clock_now(),
    CASE WHEN $7::double precision > 0 THEN clock_now() - make_interval(secs => 86400 * $7) END, $8)

-- name: end_pause
-- The annotator works again; what was not asked for again so far is not asked for any more.
UPDATE pauses SET resumed_at = clock_now(), state = 'done'
WHERE project_id = $1 AND member_id = $2 AND resumed_at IS NULL RETURNING id

-- name: pauses_under_way
-- Pauses with something left to do.
SELECT id FROM pauses WHERE state <> 'done' ORDER BY id LIMIT $1

-- name: hold_pause
-- One pause with something left to do; another process may have it. `is_seen`: every transaction that might not know of
-- the pause has ended. Transaction ids mean nothing on a server that a backup was restored to, so time tells too.
SELECT p.*, p.paused_in < pg_snapshot_xmin(pg_current_snapshot()) OR p.paused_at < clock_now() - interval '10 minutes'
    AS is_seen
FROM pauses p WHERE p.id = $1 AND p.state <> 'done' FOR UPDATE SKIP LOCKED

-- name: move_pause
-- How far a pause's work has come.
UPDATE pauses SET state = $2, looked_to = $3 WHERE id = $1

-- name: revoke_leases
-- Take a member's live leases in a project back.
WITH ended AS (
    UPDATE assignments SET state = 'revoked', ended_at = clock_now(), reason = $3
    WHERE project_id = $1 AND member_id = $2 AND state = 'leased' RETURNING id, task_id, organisation_id, member_id
), freed AS (
    UPDATE tasks SET leased = tasks.leased - e.slots
    FROM (SELECT task_id, count(*)::smallint AS slots FROM ended GROUP BY task_id) AS e WHERE tasks.id = e.task_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, 'task.revoked', task_id, clock_now(),
        json_build_object('assignment', id, 'member', member_id, 'reason', $3::text) FROM ended
)
SELECT count(*) FROM ended

-- name: free_reserved
-- Tasks that are kept for a member are for everybody again, locked in one order. Pools of gold, which are small numbers,
-- are passed over.
WITH held AS (
    SELECT id FROM tasks WHERE project_id = $1 AND reserved_for = $2 AND state IN ('open', 'paused')
        AND reserved_for > '00000000-0000-0000-0000-000000000003' ORDER BY id FOR UPDATE
), freed AS (
    UPDATE tasks t SET reserved_for = '00000000-0000-0000-0000-000000000000' FROM held WHERE t.id = held.id
    RETURNING t.id, t.organisation_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, 'task.freed', id, clock_now(), json_build_object('member', $2::uuid, 'reason', $3::text)
    FROM freed
)
SELECT count(*) FROM freed

-- name: recent_answers
-- The next answers of everybody after a submission, by the id that tells the time: how many, up to which, and
-- which assignments among them are the member's.
SELECT count(*) AS answers, (max(id::text))::uuid AS looked_to,
    coalesce(array_agg(assignment_id) FILTER (WHERE project_id = $2 AND member_id = $3), '{}') AS assignments
FROM (SELECT id, project_id, member_id, assignment_id FROM submissions WHERE id > $1 ORDER BY id LIMIT $4) AS next

-- name: hold_outcomes
-- The current outcomes of the tasks of assignments, locked in one order: no verdict comes between a look and what follows.
SELECT o.id FROM assignments a JOIN outcomes o
    ON o.project_id = a.project_id AND o.task_id = a.task_id AND o.superseded_at IS NULL
WHERE a.id = ANY($1::uuid[]) ORDER BY o.id FOR UPDATE OF o

-- name: hold_tasks
-- Which tasks of assignments can be asked for again, locked in one order: not gold, nor with an outcome that people
-- have reviewed.
SELECT t.id FROM tasks t
WHERE t.id IN (SELECT a.task_id FROM assignments a WHERE a.id = ANY($1::uuid[]) AND a.state = 'submitted')
    AND t.state IN ('open', 'paused', 'done')
    AND NOT EXISTS (SELECT 1 FROM outcomes o
        WHERE o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL
            AND (o.aggregator = 'review' OR o.accepted_by IS NOT NULL))
ORDER BY t.id FOR UPDATE

-- name: set_aside
-- Answers count no more, each once for a pause, and their tasks ask for one more each. Their author is not asked again.
WITH noted AS (
    INSERT INTO requeued_answers (pause_id, assignment_id, submission_id, task_id)
    SELECT $1, a.id, a.submission_id, a.task_id FROM assignments a
    WHERE a.id = ANY($2::uuid[]) AND a.task_id = ANY($3::uuid[]) AND a.state = 'submitted' AND a.ended_at >= $5
    ON CONFLICT DO NOTHING RETURNING assignment_id, task_id
), ended AS (
    UPDATE assignments a SET state = 'set_aside', reason = $4 FROM noted WHERE a.id = noted.assignment_id
    RETURNING a.id, a.task_id, a.organisation_id, a.submission_id, a.member_id
), opened AS (
    UPDATE tasks t SET answered = t.answered - 1, state = CASE t.state WHEN 'done' THEN 'open' ELSE t.state END
    FROM ended WHERE t.id = ended.task_id
    RETURNING t.id, t.organisation_id, t.state,
        nullif(t.reserved_for, '00000000-0000-0000-0000-000000000000') AS kept_for
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, 'submission.discounted', task_id, clock_now(), json_build_object('submission', submission_id,
        'assignment', id, 'member', member_id, 'state', 'set_aside', 'reason', $4::text, 'pause', $1::uuid) FROM ended
    UNION ALL
    SELECT organisation_id, 'task.requeued', id, clock_now(),
        json_build_object('reason', $4::text, 'state', state, 'kept_for', kept_for) FROM opened
)
SELECT count(*) FROM ended
