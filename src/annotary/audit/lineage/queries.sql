-- name: outcome_place
-- Whose outcome this is.
SELECT id AS outcome_id, task_id, project_id, organisation_id, version FROM outcomes WHERE id = $1

-- name: task_place
-- A task and its newest outcome, which is the current one where one is; null where there never was one.
SELECT o.id AS outcome_id, t.id AS task_id, t.project_id, t.organisation_id, coalesce(o.version, 0) AS version
FROM tasks t LEFT JOIN LATERAL (
    SELECT id, version FROM outcomes WHERE task_id = t.id ORDER BY version DESC LIMIT 1) AS o ON true
WHERE t.id = $1

-- name: task
-- A task with what never changes about it, and its project.
SELECT t.id, t.project_id, t.batch_id, t.organisation_id, t.stage, t.state, t.overlap, i.item_id, i.unique_id, i.payload,
    i.created_at, p.name AS project_name, p.modality
FROM tasks t JOIN task_items i ON i.task_id = t.id JOIN projects p ON p.id = t.project_id WHERE t.id = $1

-- name: batch
-- One batch.
SELECT id, name, priority, created_by, created_at FROM batches WHERE id = $1

-- name: versions
-- A task's outcome up to a version, oldest first, at most so many of the newest.
SELECT * FROM (SELECT * FROM outcomes WHERE task_id = $1 AND version <= $2 ORDER BY version DESC LIMIT $3) AS newest
ORDER BY version

-- name: submissions
-- Every answer to a task with its assignment, and how skilled its annotator was known to be the day before.
SELECT s.*, a.state, a.claimed_at, coalesce(a.state = 'submitted' AND a.submission_id = s.id, false) AS counts, (
    SELECT d.skill FROM skill_days d WHERE d.project_id = s.project_id AND d.member_id = s.member_id
        AND d.day < (s.received_at AT TIME ZONE 'UTC')::date ORDER BY d.day DESC LIMIT 1) AS skill
FROM submissions s LEFT JOIN assignments a ON a.id = s.assignment_id
WHERE s.task_id = $1 ORDER BY s.id LIMIT $2

-- name: judged
-- How far the answers to a task agree with what is known.
SELECT submission_id, source, state, score, reason FROM judged_answers WHERE task_id = $1

-- name: predictions
-- What models said of a task.
SELECT * FROM predictions WHERE task_id = $1 ORDER BY id LIMIT $2

-- name: gold
-- The known answer that a task carries.
SELECT state, source, qualification, content_hash, ontology_version_id, changed_by, changed_at FROM gold_tasks
WHERE task_id = $1

-- name: reviews
-- Looks at a task's outcome up to a version.
SELECT * FROM reviews WHERE task_id = $1 AND outcome_version <= $2 ORDER BY id LIMIT $3

-- name: changes
-- What answers were before each migration, correction and rollback, in the order of these.
SELECT v.subject_id, v.change_id, v.content_hash, v.ontology_version_id, c.kind, c.request, c.created_by,
    c.approved_by, c.started_at
FROM answer_versions v JOIN answer_changes c ON c.id = v.change_id
WHERE v.subject_id = ANY($1::uuid[]) ORDER BY v.subject_id, v.change_id

-- name: runs
-- Runs over a project's outcomes.
SELECT id, reverts, created_by FROM consensus_runs WHERE id = ANY($1::uuid[])

-- name: ontology_versions
-- Ontology versions by id.
SELECT id, ontology_id, number, content_hash, created_by, created_at FROM ontology_versions
WHERE id = ANY($1::uuid[]) ORDER BY number

-- name: instructions
-- Versions of a project's instructions.
SELECT version, body, created_by, created_at FROM instructions
WHERE project_id = $1 AND version = ANY($2::integer[]) ORDER BY version

-- name: member_names
-- Members by id.
SELECT id, name FROM members WHERE id = ANY($1::uuid[])

-- name: events_about
-- The facts about some subjects, in the order of the log.
SELECT sequence, type, subject_id, actor_id, occurred_at, data FROM events
WHERE organisation_id = $1 AND subject_id = ANY($2::uuid[]) ORDER BY transaction_id, sequence LIMIT $3

-- name: events_of_batch
-- That a batch was made, and that the chunk with this task was released in it.
SELECT sequence, type, subject_id, actor_id, occurred_at, data FROM events
WHERE organisation_id = $1 AND subject_id = $2 AND (type = 'batch.created' OR (type = 'tasks.released'
    AND $3::uuid BETWEEN (data ->> 'first')::uuid AND (data ->> 'last')::uuid))
ORDER BY transaction_id, sequence LIMIT $4

-- name: events_of_project
-- Facts about a project's predictions and answers that name some of them: by id, or as one of a range in a change.
SELECT e.sequence, e.type, e.subject_id, e.actor_id, e.occurred_at, e.data FROM events e
WHERE e.organisation_id = $1 AND e.subject_id = $2 AND (
    e.type = 'predictions.stored' AND EXISTS (
        SELECT 1 FROM unnest($3::uuid[]) AS p (id) WHERE strpos(e.data::text, p.id::text) > 0)
    OR e.type = 'answers.changed' AND EXISTS (
        SELECT 1 FROM unnest($4::uuid[], $5::uuid[], $6::text[]) AS c (subject, change, kind)
        WHERE (e.data ->> 'change')::uuid = c.change AND e.data ->> 'of' = c.kind
            AND c.subject BETWEEN (e.data ->> 'first')::uuid AND (e.data ->> 'last')::uuid))
ORDER BY e.transaction_id, e.sequence LIMIT $7

-- name: proofs
-- How well events are proved: in a signed segment, in the chain, or not there yet.
SELECT s.sequence, CASE WHEN r.first IS NULL THEN 'waiting'
    WHEN r.first + array_position(r.sequences, s.sequence) <= c.sealed THEN 'sealed' ELSE 'chained' END AS proof
FROM unnest($2::bigint[]) AS s (sequence)
LEFT JOIN event_runs r ON r.organisation_id = $1 AND r.span @> s.sequence AND s.sequence = ANY (r.sequences)
LEFT JOIN chains c ON c.organisation_id = $1
