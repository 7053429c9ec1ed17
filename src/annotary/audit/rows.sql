-- name: submissions
-- Answers, each with the event that told of it, and the hash that was told last.
WITH changed AS (
    SELECT DISTINCT ON (p.key) p.key::uuid AS id, p.value AS hash
    FROM events e, json_each(e.data->'pinned') AS v, json_each_text(v.value) AS p
    WHERE e.type = 'answers.changed' AND e.data->>'of' = 'submission' ORDER BY p.key, e.sequence DESC
), told AS (
    SELECT (data->>'submission')::uuid AS id, data->>'content_hash' AS hash, sequence, organisation_id FROM events
    WHERE type IN ('submission.received', 'submission.revised') OFFSET 0
)
SELECT coalesce(r.organisation_id, t.organisation_id) AS organisation_id, coalesce(r.id, t.id)::text AS id,
    t.sequence, coalesce(c.hash, t.hash) AS hash, r.content_hash, r.answer::text AS content
FROM submissions r FULL JOIN told t ON t.id = r.id LEFT JOIN changed c ON c.id = t.id

-- name: outcomes
-- Outcomes, each with the last event that told its hash.
WITH told AS (
    SELECT (data->>'outcome')::uuid AS id, data->>'content_hash' AS hash, sequence, organisation_id FROM events
    WHERE type IN ('outcome.proposed', 'outcome.accepted', 'outcome.revised')
    UNION ALL
    SELECT p.key::uuid, p.value, e.sequence, e.organisation_id
    FROM events e, json_each(e.data->'pinned') AS v, json_each_text(v.value) AS p
    WHERE e.type = 'answers.changed' AND e.data->>'of' = 'outcome'
), last AS (
    SELECT DISTINCT ON (id) * FROM told ORDER BY id, sequence DESC
)
SELECT coalesce(r.organisation_id, l.organisation_id) AS organisation_id, coalesce(r.id, l.id)::text AS id,
    l.sequence, l.hash, r.content_hash, r.answer::text AS content
FROM outcomes r FULL JOIN last l ON l.id = r.id

-- name: gold
-- Known answers, each with the last event that told its hash.
WITH told AS (
    SELECT subject_id AS id, data->>'content_hash' AS hash, sequence, organisation_id FROM events
    WHERE type IN ('gold.made', 'gold.corrected')
    UNION ALL
    SELECT p.key::uuid, p.value, e.sequence, e.organisation_id
    FROM events e, json_each(e.data->'pinned') AS v, json_each_text(v.value) AS p
    WHERE e.type = 'answers.changed' AND e.data->>'of' = 'gold'
), last AS (
    SELECT DISTINCT ON (id) * FROM told ORDER BY id, sequence DESC
)
SELECT coalesce(r.organisation_id, l.organisation_id) AS organisation_id, coalesce(r.task_id, l.id)::text AS id,
    l.sequence, l.hash, r.content_hash, r.answer::text AS content
FROM gold_tasks r FULL JOIN last l ON l.id = r.task_id

-- name: predictions
-- Predictions; the hash of one that was changed since is told. Of those that came with a release none is.
WITH last AS (
    SELECT DISTINCT ON (p.key) p.key::uuid AS id, p.value AS hash, e.sequence
    FROM events e, json_each(e.data->'pinned') AS v, json_each_text(v.value) AS p
    WHERE e.type = 'answers.changed' AND e.data->>'of' = 'prediction' ORDER BY p.key, e.sequence DESC
)
SELECT r.organisation_id, r.id::text, coalesce(l.sequence, 0) AS sequence, l.hash, r.content_hash,
    r.answer::text AS content
FROM predictions r LEFT JOIN last l ON l.id = r.id

-- name: predictions_stored
-- Predictions that were sent together: the hash that was told over theirs, and theirs as they were then.
SELECT e.organisation_id, e.subject_id::text AS id, e.sequence, e.data->>'content_hash' AS hash,
    (SELECT string_agg(coalesce((SELECT v.content_hash FROM answer_versions v WHERE v.subject_id = r.id
            ORDER BY v.change_id LIMIT 1), r.content_hash), ''::bytea ORDER BY p.place)
        FROM json_array_elements_text(e.data->'predictions') WITH ORDINALITY AS p (id, place)
        JOIN predictions r ON r.id = p.id::uuid) AS hashes
FROM events e WHERE e.type = 'predictions.stored'

-- name: versions_before
-- What answers were before changes.
SELECT NULL::uuid AS organisation_id, subject_id::text AS id, 0::bigint AS sequence, NULL AS hash, content_hash,
    answer::text AS content
FROM answer_versions WHERE answer IS NOT NULL

-- name: ontologies
-- Ontology versions, each with the event that told its hash.
SELECT coalesce(r.organisation_id, e.organisation_id) AS organisation_id, coalesce(r.id, e.subject_id)::text AS id,
    e.sequence, e.data->>'content_hash' AS hash, r.content_hash, r.definition::text AS content
FROM ontology_versions r FULL JOIN (SELECT * FROM events WHERE type = 'ontology.published') AS e ON e.subject_id = r.id

-- name: instructions
-- Instructions, each with the event that told its hash.
SELECT coalesce(r.organisation_id, e.organisation_id) AS organisation_id,
    coalesce(r.project_id, e.subject_id) || '/' || coalesce(r.version, e.version) AS id,
    e.sequence, e.data->>'content_hash' AS hash,
    CASE WHEN r.body IS NOT NULL THEN decode(e.data->>'content_hash', 'hex') END AS content_hash, r.body AS content
FROM instructions r FULL JOIN (SELECT *, (data->>'instructions_version')::integer AS version FROM events
    WHERE type = 'instructions.published') AS e ON e.subject_id = r.project_id AND e.version = r.version

-- name: items
-- Items, each with the event that told its hash; those of an import are told of together.
SELECT coalesce(r.organisation_id, e.organisation_id) AS organisation_id, coalesce(r.id, e.subject_id)::text AS id,
    e.sequence,
    e.data->>'content_hash' AS hash, r.content_hash,
    CASE WHEN r.deleted_at IS NULL OR d.subject_id IS NULL THEN r.payload::text END AS content
FROM items r FULL JOIN (SELECT * FROM events WHERE type = 'item.created') AS e ON e.subject_id = r.id
LEFT JOIN (SELECT DISTINCT subject_id FROM events WHERE type = 'item.deleted') AS d ON d.subject_id = r.id

-- name: items_imported
-- Chunks of imports: the hash that was told over those of their items, and theirs.
SELECT e.organisation_id, e.subject_id::text AS id, e.sequence, e.data->>'content_hash' AS hash,
    (SELECT string_agg(r.content_hash, ''::bytea ORDER BY r.id) FROM items r WHERE r.dataset_id = e.subject_id
        AND r.id BETWEEN (e.data->>'first')::uuid AND (e.data->>'last')::uuid
        -- Ids of one import differ from each other in their middle alone.
        AND substr(uuid_send(r.id), 13) = substr(uuid_send((e.data->>'first')::uuid), 13)) AS hashes
FROM events e WHERE e.type = 'items.imported'

-- name: assets
-- Assets, each with the event that told of it.
SELECT coalesce(r.organisation_id, e.organisation_id) AS organisation_id,
    coalesce(encode(r.hash, 'hex'), e.data->>'hash') AS id, e.sequence, e.data->>'hash' AS hash, r.hash AS content_hash,
    NULL AS content, r.source
FROM assets r FULL JOIN (SELECT * FROM events WHERE type = 'asset.created') AS e
    ON e.data->>'hash' = encode(r.hash, 'hex') AND e.organisation_id = r.organisation_id

-- name: copies
-- The copies of ontology versions and instructions that a modality works with.
SELECT organisation_id, id::text AS id, content_hash, definition::text AS content FROM ontology_versions
UNION ALL
SELECT organisation_id, project_id || '/' || version, NULL, body FROM instructions
