-- name: answer_all
-- Give every task of a project what it is found by, as answers and outcomes would: one label of four, some sure, some not.
UPDATE text.task_facets f SET labels = ARRAY[l.label], said = ARRAY[l.label], confidence = l.share, agreement = l.share,
    outcome_id = f.task_id, outcome_state = 'accepted', issues = (l.number % 50 = 0)::integer,
    told = json_build_array(json_build_object('word', l.label, 'times', 1, 'label', true))
FROM (SELECT task_id, number, (ARRAY['praise', 'complaint', 'question', 'other'])[1 + number % 4] AS label,
        (number % 101) / 100.0 AS share
    FROM (SELECT task_id, (row_number() OVER (ORDER BY task_id))::integer AS number FROM text.task_facets
        WHERE project_id = $1) AS numbered) AS l
WHERE l.task_id = f.task_id

-- name: count_facets
-- For how many tasks of a project it is known what they are found by.
SELECT count(*) FROM text.task_facets WHERE project_id = $1
