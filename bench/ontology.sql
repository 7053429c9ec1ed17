-- name: pool
-- Where the different answers and items lie that the project's are drawn from.
CREATE TEMP TABLE pool (number integer PRIMARY KEY, answer json NOT NULL, hash bytea NOT NULL)

-- name: add_to_pool
-- One of the different answers.
INSERT INTO pool (number, answer, hash) VALUES ($1, $2, $3)

-- name: tasks
-- Finished tasks of a project, in a table for the statements below.
CREATE TEMP TABLE made AS
SELECT uuidv7() AS task_id, uuidv7() AS assignment_id, uuidv7() AS submission_id, n % {pool} AS number
FROM generate_series(0, {size} - 1) AS n

-- name: add_tasks
-- The tasks.
INSERT INTO {schema}.tasks (id, project_id, batch_id, organisation_id, state, overlap, answered, order_key)
SELECT m.task_id, p.id, p.id, p.organisation_id, 'done', 1, 1, now() FROM made m, {schema}.projects p WHERE p.id = $1

-- name: add_items
-- What never changes about them.
INSERT INTO {schema}.task_items (task_id, project_id, item_id, unique_id, payload, created_at)
SELECT m.task_id, $1, m.task_id, m.task_id::text, $2::json, now() FROM made m

-- name: add_assignments
-- Who was given them: a hundred members.
INSERT INTO {schema}.assignments (id, task_id, project_id, organisation_id, member_id, fence, state, ontology_version_id,
    instructions_version, submission_id, claimed_at, expires_at, ended_at)
SELECT m.assignment_id, m.task_id, p.id, p.organisation_id, md5((m.number % 100)::text)::uuid, 1, 'submitted',
    p.ontology_version_id, 0, m.submission_id, now(), now(), now()
FROM made m, {schema}.projects p WHERE p.id = $1

-- name: add_submissions
-- Their answers.
INSERT INTO {schema}.submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
    instructions_version, answer, content_hash, seconds, received_at, committed_at)
SELECT m.submission_id, m.assignment_id, m.task_id, p.id, p.organisation_id, md5((m.number % 100)::text)::uuid,
    p.ontology_version_id, 0, pool.answer, pool.hash, 1, now(), now()
FROM made m JOIN pool ON pool.number = m.number, {schema}.projects p WHERE p.id = $1 ORDER BY m.submission_id

-- name: drop_made
-- The next project draws from others.
DROP TABLE made, pool

-- name: untouched
-- How many answers changed their bytes in a change.
SELECT count(*) FILTER (WHERE answer IS NOT NULL) AS changed, count(*) AS all FROM {schema}.answer_versions
