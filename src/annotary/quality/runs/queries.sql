-- name: add_run
-- A run that waits for its job.
INSERT INTO consensus_runs (id, project_id, organisation_id, job_id, aggregator, parameters, reverts, created_by,
    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_now()) RETURNING *

-- name: run
-- One run.
SELECT * FROM consensus_runs WHERE id = $1

-- name: runs_page
-- The runs of a project, oldest first.
SELECT * FROM consensus_runs WHERE project_id = $3 AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2

-- name: begin_run
-- The job has begun, perhaps again.
UPDATE consensus_runs SET state = 'running' WHERE id = $1 AND ended_at IS NULL
RETURNING id, project_id, aggregator, parameters, reverts

-- name: end_run
-- The run has ended.
UPDATE consensus_runs SET state = $2, summary = $3, ended_at = clock_now() WHERE id = $1 AND ended_at IS NULL

-- name: project
-- What a run has to know of its project.
SELECT p.id AS project_id, p.organisation_id, p.ontology_version_id, p.quality, v.definition
FROM projects p JOIN ontology_versions v ON v.id = p.ontology_version_id WHERE p.id = $1

-- name: count_current
-- How many outcomes a run has to look at.
SELECT count(*) FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL

-- name: current_page
-- Current outcomes of finished tasks in the order of the tasks, with the answers that count now.
SELECT o.id, o.task_id, o.organisation_id, o.state, o.answer, o.content_hash, o.ontology_version_id, o.aggregator,
    o.confidence, o.agreement, o.accepted_by, o.submission_ids, i.payload, counted.*
FROM (SELECT * FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL AND task_id > $2
    ORDER BY task_id LIMIT $3) AS o
JOIN tasks t ON t.id = o.task_id AND t.state = 'done' JOIN task_items i ON i.task_id = o.task_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(s.id ORDER BY s.id), '{}') AS counted_ids,
        coalesce(array_agg(a.member_id ORDER BY s.id), '{}') AS counted_members,
        coalesce(array_agg(s.answer::text ORDER BY s.id), '{}') AS counted_answers,
        coalesce(array_agg(s.content_hash ORDER BY s.id), '{}') AS counted_hashes,
        coalesce(array_agg(s.ontology_version_id ORDER BY s.id), '{}') AS counted_versions
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = o.task_id AND a.state = 'submitted'
) AS counted
ORDER BY o.task_id

-- name: last_of_page
-- Where a page of current outcomes ends, whatever is left out of it.
SELECT max(task_id::text)::uuid FROM (SELECT task_id FROM outcomes
    WHERE project_id = $1 AND superseded_at IS NULL AND task_id > $2 ORDER BY task_id LIMIT $3) AS page

-- name: still_current
-- Which of these outcomes are still current, and not accepted by a person meanwhile.
SELECT id FROM outcomes WHERE id = ANY($1::uuid[]) AND superseded_at IS NULL AND accepted_by IS NULL

-- name: made_by_run
-- Current outcomes that a run made, each with the version before the run.
SELECT o.id, o.task_id, o.content_hash AS replaced_hash, o.confidence AS replaced_confidence, before.*
FROM (SELECT id, task_id, version, content_hash, confidence FROM outcomes WHERE run_id = $1 AND task_id > $2 AND superseded_at IS NULL
    AND accepted_by IS NULL ORDER BY task_id LIMIT $3) AS o
CROSS JOIN LATERAL (
    SELECT b.project_id, b.organisation_id, b.state, b.answer, b.content_hash, b.ontology_version_id, b.aggregator,
        b.aggregator_version, b.parameters, b.confidence, b.agreement, b.confidences, b.submission_ids
    FROM outcomes b WHERE b.task_id = o.task_id AND b.version < o.version AND b.run_id IS DISTINCT FROM $1
    ORDER BY b.version DESC LIMIT 1
) AS before
ORDER BY o.task_id
