-- An outcome for every task, as consensus leaves it: nobody answers a million tasks for a measurement.
INSERT INTO text.outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash, ontology_version_id,
    aggregator, confidence, agreement, submission_ids)
SELECT uuidv7(), t.id, t.project_id, t.organisation_id, 1, '{"classification":[{"label":"good"}]}',
    decode(repeat('00', 32), 'hex'), p.ontology_version_id, 'majority', 1, 1, ARRAY[uuidv7()]
FROM text.tasks t JOIN text.projects p ON p.id = t.project_id;
