-- name: outcomes_to_compare
-- Accepted outcomes of a project with their items and what models say of them, in the order of their tasks; gold aside.
SELECT o.task_id, o.id AS outcome_id, i.payload, o.answer, coalesce(said.labels, '{}') AS labels,
    coalesce(said.scores, '{}') AS scores
FROM outcomes o JOIN tasks t ON t.id = o.task_id JOIN task_items i ON i.task_id = o.task_id
CROSS JOIN LATERAL (
    SELECT array_agg(p.answer #>> '{classification,0,label}' ORDER BY p.id) AS labels,
        array_agg(p.score ORDER BY p.id) AS scores
    FROM predictions p WHERE p.task_id = o.task_id AND p.score IS NOT NULL
        AND json_array_length(p.answer -> 'classification') = 1) AS said
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND t.state <> 'gold'
    AND json_typeof(i.payload) <> 'null' AND o.task_id > $2
ORDER BY o.task_id LIMIT $3

-- name: count_to_compare
-- How many outcomes a check has before it.
SELECT count(*) FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL AND state = 'accepted'

-- name: items_compared
-- Some tasks again, for the report: what they are called, what they hold, what was said of them.
SELECT i.task_id, i.unique_id, i.payload, o.answer FROM task_items i
JOIN outcomes o ON o.project_id = i.project_id AND o.task_id = i.task_id AND o.superseded_at IS NULL
WHERE i.task_id = ANY($1::uuid[])

-- name: project_checked
-- The project of a check.
SELECT id, organisation_id, quality FROM projects WHERE id = $1

-- name: projects_to_check
-- Projects that want to be checked by themselves.
SELECT id, organisation_id FROM projects
WHERE state = 'active' AND (quality ->> 'consistency')::boolean IS TRUE ORDER BY id

-- name: hold_checks
-- Whether this worker may start checks now; asked of the platform, for the transaction.
SELECT pg_try_advisory_xact_lock(hashtext('consistency checks'))

-- name: latest_check
-- When a project was last checked, and whether that was long ago; asked of the platform, whose the jobs are.
SELECT created_at, created_at < clock_timestamp() - make_interval(hours => $2) AS is_due
FROM jobs WHERE organisation_id = $3 AND project_id = $1 AND kind = 'consistency' ORDER BY id DESC LIMIT 1

-- name: accepted_since
-- Whether a project has an outcome that the latest check has not seen.
SELECT EXISTS (SELECT 1 FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL AND state = 'accepted'
    AND ($2::timestamptz IS NULL OR created_at > $2))

-- name: add_contradictions
-- What a run found; done again it adds nothing.
INSERT INTO contradictions (id, run_id, project_id, organisation_id, kind, task_id, outcome_id, other_task_id, score,
    reason, wanted)
SELECT f.id, $2, $3, $4, f.kind, f.task_id, f.outcome_id, f.other_task_id, f.score, f.reason, $5
FROM unnest($1::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::real[], $11::text[])
    AS f (id, kind, task_id, outcome_id, other_task_id, score, reason)
ON CONFLICT DO NOTHING
RETURNING task_id, outcome_id

-- name: contradictions_page
-- What checks of a project found, in the order they found it: of one run, of one kind, if so asked.
SELECT c.*, i.unique_id FROM contradictions c JOIN task_items i ON i.task_id = c.task_id
WHERE c.project_id = $3 AND ($1::uuid IS NULL OR c.id > $1) AND ($4::uuid IS NULL OR c.run_id = $4)
    AND ($5::text IS NULL OR c.kind = $5)
ORDER BY c.id LIMIT $2
