-- name: places
-- The tasks that predictions are for, by id or by business key, with what checking an answer needs.
SELECT n.position, i.task_id, i.project_id, p.organisation_id, p.ontology_version_id, i.payload
FROM unnest($1::int[], $2::uuid[]) AS n (position, task_id)
JOIN task_items i ON i.task_id = n.task_id JOIN projects p ON p.id = i.project_id
UNION ALL
SELECT n.position, i.task_id, i.project_id, p.organisation_id, p.ontology_version_id, i.payload
FROM unnest($3::int[], $4::uuid[], $5::text[]) AS n (position, project_id, unique_id)
JOIN task_items i ON i.project_id = n.project_id AND i.unique_id = n.unique_id JOIN projects p ON p.id = i.project_id

-- name: definitions
-- Ontology versions by id.
SELECT id, modality, definition, content_hash FROM ontology_versions WHERE id = ANY($1::uuid[])

-- name: hold_items
-- Tasks whose suggestions are about to change; locked in one order, so that no suggestion is lost.
SELECT task_id FROM task_items WHERE task_id = ANY($1::uuid[]) ORDER BY task_id FOR UPDATE

-- name: add_predictions
-- Store what is new; a prediction of the same model version for the same task stays as it is.
INSERT INTO predictions (id, task_id, project_id, organisation_id, model, model_version, score, answer, content_hash,
    ontology_version_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::real[], $8::json[],
    $9::bytea[], $10::uuid[])
ON CONFLICT (task_id, model, model_version) DO NOTHING

-- name: stored_predictions
-- For each key, what is stored, and whether it says the same.
SELECT p.id, p.content_hash = n.content_hash AND p.score IS NOT DISTINCT FROM n.score AS same
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::real[], $5::bytea[]) WITH ORDINALITY
    AS n (task_id, model, model_version, score, content_hash, position)
JOIN predictions p ON p.task_id = n.task_id AND p.model = n.model AND p.model_version = n.model_version
ORDER BY n.position

-- name: copy_suggestions
-- Put the best predictions of tasks, the highest score first, where a claim finds them.
UPDATE task_items i SET suggestions = best.suggestions
FROM (
    SELECT task_id, ('[' || string_agg(concat('{"id":"prd_', replace(id::text, '-', ''), '","model":', to_json(model),
        ',"version":', to_json(model_version), ',"score":', coalesce(score::text, 'null'), ',"answer":', answer, '}'),
        ',' ORDER BY place) || ']')::json AS suggestions
    FROM (SELECT *, row_number() OVER (PARTITION BY task_id ORDER BY score DESC NULLS LAST, id DESC) AS place
        FROM predictions WHERE task_id = ANY($1::uuid[])) AS ranked
    WHERE place <= $2 GROUP BY task_id
) AS best
WHERE i.task_id = best.task_id

-- name: task_project
-- Whose task this is.
SELECT project_id, organisation_id FROM tasks WHERE id = $1

-- name: predictions_page
-- The predictions for a task, in the order they came.
SELECT * FROM predictions WHERE task_id = $3 AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2
