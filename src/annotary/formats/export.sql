-- name: export_project
-- The project of an export and its current ontology version.
SELECT p.id AS project_id, p.organisation_id, p.name, p.modality, v.definition
FROM projects p JOIN ontology_versions v ON v.id = p.ontology_version_id WHERE p.id = $1

-- name: note_export
-- A complete export: it carries what was accepted before it began.
INSERT INTO exports_made (job_id, project_id, began_at, ended_at) VALUES ($1, $2, $3, greatest($3, clock_timestamp()))
ON CONFLICT (job_id) DO UPDATE SET began_at = EXCLUDED.began_at, ended_at = EXCLUDED.ended_at

-- name: count_outcomes
-- How many tasks of a project have a current outcome.
SELECT count(*) FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL AND state = 'accepted'

-- name: next_chunk
-- The next tasks of a project with a current outcome: where they end, and between which ids their items lie.
WITH chunk AS (
    SELECT o.task_id, i.item_id FROM outcomes o
    CROSS JOIN LATERAL (SELECT item_id FROM task_items WHERE task_id = o.task_id LIMIT 1) AS i
    WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND o.task_id > $2 ORDER BY o.task_id LIMIT $3
)
SELECT count(*) AS tasks, (array_agg(task_id ORDER BY task_id DESC))[1] AS last_task,
    (array_agg(item_id ORDER BY item_id))[1] AS first_item,
    (array_agg(item_id ORDER BY item_id DESC))[1] AS last_item
FROM chunk

-- name: deleted_items
-- Deleted items with ids between two; asked of the platform, which owns the items.
SELECT id FROM items WHERE id BETWEEN $1 AND $2 AND deleted_at IS NOT NULL

-- name: count_deleted
-- How many of a chunk's tasks are about deleted items.
SELECT count(*) FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND o.task_id > $2 AND o.task_id <= $3 AND i.item_id = ANY($4::uuid[])

-- name: jsonl_lines
-- The lines of a chunk, composed here so that their bytes only pass through.
SELECT concat('{"task":"task_', encode(uuid_send(o.task_id), 'hex'), '","unique_id":', to_json(i.unique_id),
    ',"item":', one_line(i.payload), ',"answer":', one_line(o.answer),
    ',"confidence":', o.confidence, ',"aggregator":', to_json(o.aggregator),
    CASE WHEN o.confidences IS NOT NULL THEN concat(',"confidences":', one_line(o.confidences)) END,
    ',"agreement":', coalesce(o.agreement::text, 'null'),
    ',"ontology_version":"onv_', encode(uuid_send(o.ontology_version_id), 'hex'),
    '","submissions":["sub_', replace(array_to_string(o.submission_ids, '","sub_'), '-', ''), '"]',
    CASE WHEN $5::boolean THEN concat(',"answers":[', (
        SELECT string_agg(concat('{"submission":"sub_', encode(uuid_send(s.id), 'hex'),
            '","member":"mem_', encode(uuid_send(s.member_id), 'hex'), '","answer":', one_line(s.answer),
            ',"seconds":', s.seconds,
            ',"received_at":"', to_char(s.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}'),
            ',' ORDER BY s.id)
        FROM submissions s WHERE s.id = ANY(o.submission_ids)), ']') END, '}')
FROM outcomes o CROSS JOIN LATERAL (SELECT * FROM task_items WHERE task_id = o.task_id LIMIT 1) AS i
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND o.task_id > $2 AND o.task_id <= $3
    AND i.item_id <> ALL($4::uuid[])
ORDER BY o.task_id

-- name: preference_lines
-- The lines of a chunk as preferences. Where the prompt is a conversation the replies are messages, as trainers expect.
SELECT concat('{"prompt":', one_line(i.payload -> 'prompt'),
    ',"chosen":', reply(i.payload, chosen), ',"rejected":', reply(i.payload, rejected),
    ',"strength":', coalesce(o.answer #>> '{preference,strength}', '1'),
    ',"task":"task_', encode(uuid_send(o.task_id), 'hex'), '","unique_id":', to_json(i.unique_id),
    ',"confidence":', o.confidence, '}')
FROM outcomes o CROSS JOIN LATERAL (SELECT * FROM task_items WHERE task_id = o.task_id LIMIT 1) AS i
JOIN (VALUES ('a', 'a', 'b'), ('b', 'b', 'a')) AS choices (choice, chosen, rejected)
    ON choices.choice = o.answer #>> '{preference,choice}'
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND o.task_id > $2 AND o.task_id <= $3
    AND i.item_id <> ALL($4::uuid[]) AND i.payload -> 'prompt' IS NOT NULL
ORDER BY o.task_id

-- name: outcome_rows
-- The outcomes of a chunk with their items, for formats that look into answers.
SELECT o.task_id, i.unique_id, i.payload, o.answer
FROM outcomes o CROSS JOIN LATERAL (SELECT * FROM task_items WHERE task_id = o.task_id LIMIT 1) AS i
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND o.task_id > $2 AND o.task_id <= $3
    AND i.item_id <> ALL($4::uuid[])
ORDER BY o.task_id
