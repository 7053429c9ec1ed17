-- name: places_of_work
-- The projects of what a modality's events are about; what has none is left out.
SELECT id, project_id FROM tasks WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, project_id FROM batches WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, id FROM projects WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, project_id FROM audits WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, project_id FROM consensus_runs WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, project_id FROM answer_changes WHERE id = ANY($1::uuid[])

-- name: places_of_organising
-- The projects of what the platform's events are about; what has none is left out.
SELECT id, id AS project_id FROM projects WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, project_id FROM jobs WHERE id = ANY($1::uuid[]) AND project_id IS NOT NULL

-- name: outcomes_told
-- Outcomes of a project by id, with what was labelled, the task's lane, and the outcome of the task before each.
SELECT o.*, i.unique_id, i.payload, lane_of(o.task_id, $3::bigint) AS lane,
    p.id AS before_id, p.state AS before_state
FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
LEFT JOIN outcomes p ON p.task_id = o.task_id AND p.version = o.version - 1
WHERE o.id = ANY($1::uuid[]) AND o.project_id = $2

-- name: outcomes_changed
-- The accepted outcomes of a project that a change of many answers wrote, among the ids of one of its batches.
SELECT o.id FROM answer_versions v JOIN outcomes o ON o.id = v.subject_id
WHERE v.change_id = $1 AND v.subject_id BETWEEN $2 AND $3 AND o.project_id = $4 AND o.state = 'accepted'
    AND v.answer IS NOT NULL
ORDER BY o.id
