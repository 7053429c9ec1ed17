-- name: definition
-- What an ontology version asks for.
SELECT modality, definition, content_hash FROM ontology_versions WHERE id = $1

-- name: answers_page
-- The answers of a project that can teach something, those to tasks with several, with the known class of gold.
SELECT t.id AS task_id, counted.member_ids, counted.answers,
    (SELECT g.answer FROM gold_tasks g WHERE g.task_id = t.id AND g.state IN ('active', 'retired')) AS gold
FROM (SELECT id FROM tasks WHERE project_id = $1 AND answered > 1 AND id > $2 AND state <> 'cancelled'
    ORDER BY id LIMIT $3) AS t
CROSS JOIN LATERAL (
    SELECT array_agg(a.member_id ORDER BY s.id) AS member_ids, array_agg(s.answer::text ORDER BY s.id) AS answers
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = t.id AND a.state = 'submitted'
) AS counted
ORDER BY t.id

-- name: every_answer_page
-- All counted answers of a project, whatever their tasks' overlap, with the known answers of gold, and where $4 the items.
SELECT t.id AS task_id, counted.member_ids, counted.answers,
    (SELECT g.answer FROM gold_tasks g WHERE g.task_id = t.id AND g.state IN ('active', 'retired')) AS gold,
    t.payload, t.unique_id
FROM (SELECT i.task_id AS id, i.unique_id, CASE WHEN $4 THEN i.payload END AS payload FROM task_items i JOIN tasks t ON t.id = i.task_id
    WHERE i.project_id = $1 AND i.unique_id > $2 AND t.state <> 'cancelled' ORDER BY i.unique_id LIMIT $3) AS t
CROSS JOIN LATERAL (
    SELECT array_agg(a.member_id ORDER BY s.id) AS member_ids, array_agg(s.answer::text ORDER BY s.id) AS answers
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = t.id AND a.state = 'submitted'
) AS counted
ORDER BY t.unique_id
