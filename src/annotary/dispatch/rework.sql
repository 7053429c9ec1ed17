-- name: hold_done
-- Finished tasks among these, locked in one order.
SELECT id, project_id, organisation_id FROM tasks WHERE id = ANY($1::uuid[]) AND state = 'done' ORDER BY id FOR UPDATE

-- name: end_answers
-- The counted answers of tasks count no longer: the authors of `revoked` ones may be asked again, of `set_aside` ones not.
WITH ended AS (
    UPDATE assignments SET state = $2, reason = $3 WHERE task_id = ANY($1::uuid[]) AND state = 'submitted'
    RETURNING id, task_id, organisation_id, member_id, submission_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'submission.discounted', task_id, $4, clock_now(), json_build_object('submission',
        submission_id, 'assignment', id, 'member', member_id, 'state', $2::text, 'reason', $3::text) FROM ended
)
SELECT task_id, member_id FROM ended

-- name: at_work
-- Which members can be given tasks of a project now: those on it, and who manages all projects, but for the paused.
SELECT m.id FROM projects AS whole JOIN members m ON m.organisation_id = whole.organisation_id
LEFT JOIN project_members p ON p.member_id = m.id AND p.project_id = $2
LEFT JOIN annotators a ON a.member_id = m.id AND a.project_id = $2
WHERE whole.id = $2 AND m.id = ANY($1::uuid[]) AND m.state = 'active' AND (p.role IS NOT NULL OR m.role IN ('owner', 'manager'))
    AND coalesce(a.state, 'active') = 'active'

-- name: reopen_for
-- Ask for all answers of tasks again; each is kept for one member, or for nobody (the zero id).
UPDATE tasks t SET state = 'open', answered = 0, reserved_for = r.member_id
FROM unnest($1::uuid[], $2::uuid[]) AS r (task_id, member_id) WHERE t.id = r.task_id
