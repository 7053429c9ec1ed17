-- name: plan_for_values
-- Statements of this transaction are planned for the values they are given: what a filter does not ask for falls away.
SET LOCAL plan_cache_mode = force_custom_plan

-- name: look
-- How many tasks a filter finds, and the id of every $17th of them.
SELECT count(*) AS count, array_agg(task_id) FILTER (WHERE place % $17 = 0) AS anchors
FROM (
    SELECT task_id, row_number() OVER (ORDER BY task_id) - 1 AS place
    FROM tasks_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
) AS found

-- name: count_states
-- How many tasks a filter finds, by their states.
SELECT state, count(*) AS count
FROM tasks_found($1, NULL, NULL, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) GROUP BY state

-- name: found_rows
-- Tasks that a filter finds between two ids, with what is shown of them.
SELECT f.*, t.batch_id, t.state, t.overlap, t.leased, t.answered,
    left(coalesce(i.payload->>'text', i.payload->>'prompt', i.payload->'messages'->-1->>'content'), $17) AS text,
    i.payload->>'asset' AS asset
FROM tasks_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS found
    JOIN task_facets f ON f.task_id = found.task_id JOIN tasks t ON t.id = found.task_id
    JOIN task_items i ON i.task_id = found.task_id
ORDER BY found.task_id LIMIT $18

-- name: found_ids
-- The ids of tasks that a filter finds behind one.
SELECT task_id FROM tasks_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ORDER BY task_id LIMIT $17

-- name: counts
-- How many tasks of a project have each state, batch, dataset; each label in outcomes and in answers; each annotator.
SELECT 'states' AS field, t.state AS value, count(*) AS count
FROM tasks t JOIN task_facets f ON f.task_id = t.id WHERE f.project_id = $1 GROUP BY t.state
UNION ALL SELECT 'batches', t.batch_id::text, count(*)
FROM tasks t JOIN task_facets f ON f.task_id = t.id WHERE f.project_id = $1 GROUP BY t.batch_id
UNION ALL SELECT 'datasets', dataset_id::text, count(*)
FROM task_facets WHERE project_id = $1 AND dataset_id IS NOT NULL GROUP BY dataset_id
UNION ALL SELECT 'issues', '', count(*) FROM task_facets WHERE project_id = $1 AND issues > 0
UNION ALL (SELECT 'labels', label, count(*) FROM task_facets, unnest(labels) AS label
    WHERE project_id = $1 GROUP BY label ORDER BY count(*) DESC LIMIT $2)
UNION ALL (SELECT 'answered', label, count(*) FROM task_facets, unnest(said) AS label
    WHERE project_id = $1 GROUP BY label ORDER BY count(*) DESC LIMIT $2)
UNION ALL (SELECT 'annotators', member_id::text, count(*) FROM task_facets, unnest(member_ids) AS member_id
    WHERE project_id = $1 GROUP BY member_id ORDER BY count(*) DESC LIMIT $2)

-- name: names_of
-- How batches and members are called.
SELECT id, name FROM batches WHERE id = ANY($1) UNION ALL SELECT id, name FROM members WHERE id = ANY($1)

-- name: dataset_names
-- How datasets are called; of the platform.
SELECT id, name FROM datasets WHERE id = ANY($1)

-- name: released_tasks
-- The items of tasks that came in.
SELECT task_id, item_id FROM task_items WHERE task_id = ANY($1)

-- name: catalogued
-- The datasets of items, and what their importer said about them; of the platform.
SELECT id, dataset_id, metadata::text AS metadata FROM items WHERE id = ANY($1)

-- name: add_facets
-- Begin to keep what tasks are found by.
INSERT INTO task_facets (task_id, project_id, item_id, dataset_id, unique_id)
SELECT i.task_id, i.project_id, i.item_id, c.dataset_id, i.unique_id
FROM task_items i LEFT JOIN unnest($2::uuid[], $3::uuid[]) AS c (id, dataset_id) ON c.id = i.item_id
WHERE i.task_id = ANY($1) ON CONFLICT DO NOTHING

-- name: add_words
-- Begin to keep the words and the metadata of tasks' items.
INSERT INTO task_words (task_id, project_id, words, metadata)
SELECT i.task_id, i.project_id,
    CASE WHEN octet_length(i.payload::text) <= $4 AND i.payload->'asset' IS NULL
        THEN jsonb_to_tsvector('simple', i.payload::jsonb, '["string"]') END,
    c.metadata::jsonb
FROM task_items i LEFT JOIN unnest($2::uuid[], $3::text[]) AS c (id, metadata) ON c.id = i.item_id
WHERE i.task_id = ANY($1) AND i.payload::text <> 'null' AND (c.metadata IS NOT NULL OR i.payload->'asset' IS NULL)
ON CONFLICT DO NOTHING

-- name: tasks_after
-- Tasks of a project in the order of their ids.
SELECT task_id FROM task_facets WHERE project_id = $1 AND task_id > $2 ORDER BY task_id LIMIT $3

-- name: counted_answers
-- The answers that count for tasks, with who gave them.
SELECT s.task_id, s.member_id, s.answer
FROM assignments a JOIN submissions s ON s.id = a.submission_id
WHERE a.task_id = ANY($1) AND a.state = 'submitted' ORDER BY s.id

-- name: current_outcomes
-- The current outcomes of tasks.
SELECT task_id, id, state, confidence, agreement, answer FROM outcomes
WHERE task_id = ANY($1) AND superseded_at IS NULL

-- name: open_issues
-- How many issues of tasks are open.
SELECT task_id, count(*) AS issues FROM issues WHERE task_id = ANY($1) AND state = 'open' GROUP BY task_id

-- name: set_facets
-- What tasks are found by, as their answers, outcomes and issues are now.
UPDATE task_facets f SET labels = n.labels, said = n.said, member_ids = n.member_ids, told = n.told,
    outcome_id = n.outcome_id, outcome_state = n.outcome_state, confidence = n.confidence,
    agreement = n.agreement, issues = n.issues
FROM json_to_recordset($1::json) AS n (task_id uuid, labels text[], said text[], member_ids uuid[], told json,
    outcome_id uuid, outcome_state text, confidence real, agreement real, issues integer)
WHERE f.task_id = n.task_id

-- name: project
-- A project, whoever asks.
SELECT id, organisation_id FROM projects WHERE id = $1

-- name: fit_for_gold
-- Which of tasks have an accepted outcome, and are not gold.
SELECT o.task_id FROM outcomes o JOIN tasks t ON t.id = o.task_id
WHERE o.task_id = ANY($1) AND o.superseded_at IS NULL AND o.state = 'accepted' AND t.state = 'done'
ORDER BY o.task_id

-- name: hold_project
-- One change of a project's slices at a time.
SELECT pg_advisory_xact_lock(hashtextextended('slices' || $1::uuid::text, 0))

-- name: count_slices
-- How many slices a project has.
SELECT count(*) FROM slices WHERE project_id = $1

-- name: add_slice
-- Keep a filter under a name; nothing where the name is taken.
INSERT INTO slices (id, organisation_id, project_id, name, filter, created_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING *

-- name: slices
-- The slices of a project.
SELECT * FROM slices WHERE project_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id LIMIT $2

-- name: slice
-- One slice, held where it is to be changed.
SELECT * FROM slices WHERE id = $1 FOR UPDATE

-- name: change_slice
-- Give a slice another name or filter.
UPDATE slices SET name = $2, filter = $3, version = version + 1 WHERE id = $1 RETURNING *

-- name: remove_slice
-- Forget a slice.
DELETE FROM slices WHERE id = $1

-- name: task_place
-- Where a task is, by its id or that of its item in a project.
SELECT f.task_id, f.project_id, p.organisation_id FROM task_facets f JOIN projects p ON p.id = f.project_id
WHERE f.task_id = $1 OR (f.project_id = $2 AND f.item_id = $1)

-- name: item_of_task
-- What is kept of a task's item.
SELECT i.payload, i.suggestions, i.created_at, f.dataset_id, w.metadata::text AS metadata, b.name AS batch_name
FROM task_items i JOIN task_facets f ON f.task_id = i.task_id JOIN tasks t ON t.id = i.task_id
    LEFT JOIN task_words w ON w.task_id = i.task_id LEFT JOIN batches b ON b.id = t.batch_id
WHERE i.task_id = $1

-- name: answers_of_task
-- Every answer of a task, the first one first, with what became of it.
SELECT s.id, s.member_id, m.name AS member, s.answer, s.seconds, s.received_at, s.ontology_version_id,
    a.claimed_at, a.state AS assignment_state, a.reason, a.submission_id = s.id AND a.state = 'submitted' AS counts,
    a.submission_id <> s.id AS revised
FROM submissions s JOIN assignments a ON a.id = s.assignment_id LEFT JOIN members m ON m.id = s.member_id
WHERE s.task_id = $1 ORDER BY s.id LIMIT $2

-- name: outcome_of_task
-- The current outcome of a task.
SELECT id, version, state, answer, aggregator, confidence, agreement, created_at FROM outcomes
WHERE task_id = $1 AND superseded_at IS NULL

-- name: predictions_of_task
-- What models said of a task.
SELECT id, model, model_version, score, answer FROM predictions WHERE task_id = $1 ORDER BY id LIMIT $2
