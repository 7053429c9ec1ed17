-- name: agree
-- Give every task of the project an accepted outcome, as a million answers would.
INSERT INTO text.outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,
    ontology_version_id, aggregator, confidence, submission_ids)
SELECT gen_random_uuid(), t.id, t.project_id, t.organisation_id, 1, '{"classification":[{"label":"good"}]}',
    decode(repeat('00', 32), 'hex'), p.ontology_version_id, 'single', 1, ARRAY[gen_random_uuid()]
FROM text.tasks t JOIN text.projects p ON p.id = t.project_id

-- name: end_tasks
-- The tasks are done.
UPDATE text.tasks SET state = 'done', answered = overlap
