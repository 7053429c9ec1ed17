-- name: hold_batches
-- Batches with a target, and what was decided about their tasks so far.
SELECT b.id AS batch_id, b.overlap, b.tasks_total AS tasks, coalesce(o.decided, 0) AS decided,
    coalesce(o.confidence_sum, 0) AS confidence_sum, coalesce(o.extended, 0) AS extended,
    coalesce(o.gains, '{}') AS gains
FROM batches b LEFT JOIN overlap_batches o ON o.batch_id = b.id WHERE b.id = ANY($1::uuid[])

-- name: note_batch
-- What was decided, in the transaction of the decisions.
INSERT INTO overlap_batches (batch_id, decided, confidence_sum, extended, gains) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (batch_id) DO UPDATE SET decided = EXCLUDED.decided, confidence_sum = EXCLUDED.confidence_sum,
    extended = EXCLUDED.extended, gains = EXCLUDED.gains

-- name: can_be_asked
-- Which of these tasks somebody is left for: a member of the project who is at work and has not had it.
-- Where the project has no members of its own, everybody of the organisation may come.
SELECT t.id FROM tasks t JOIN batches b ON b.id = t.batch_id
WHERE t.id = ANY($1::uuid[]) AND b.state <> 'cancelled' AND (
    NOT EXISTS (SELECT 1 FROM project_members p WHERE p.project_id = t.project_id)
    OR EXISTS (SELECT 1 FROM project_members p JOIN members m ON m.id = p.member_id
        JOIN projects r ON r.id = p.project_id LEFT JOIN annotators n ON n.project_id = p.project_id AND n.member_id = p.member_id
        WHERE p.project_id = t.project_id AND m.state = 'active' AND coalesce(n.state, r.entry) = 'active'
            AND coalesce(n.skill, 0) >= b.skill_minimum
            AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.member_id = p.member_id
                AND a.state IN ('leased', 'submitted', 'skipped', 'set_aside'))))

-- name: extend
-- Finished tasks are asked once more, and are open again as far as their batch is.
UPDATE tasks t SET overlap = t.overlap + 1, state = b.state
FROM unnest($1::uuid[], $2::smallint[]) AS wanted (id, overlap), batches b
WHERE t.id = wanted.id AND t.overlap = wanted.overlap AND t.state = 'done' AND b.id = t.batch_id
    AND b.state <> 'cancelled'
RETURNING t.id, t.organisation_id, t.overlap, t.state

-- name: batch
-- A batch and its target.
SELECT id, project_id, organisation_id, overlap, target FROM batches WHERE id = $1

-- name: report
-- A batch's tasks by how often they were answered, and how sure their outcomes are.
SELECT t.answered, t.state = 'done' AS finished, count(*) AS tasks, sum(o.confidence) AS confidence_sum,
    count(o.id) AS outcomes
FROM tasks t LEFT JOIN outcomes o ON o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL
WHERE t.project_id = $1 AND t.batch_id = $2 AND t.state IN ('open', 'paused', 'done')
GROUP BY 1, 2
