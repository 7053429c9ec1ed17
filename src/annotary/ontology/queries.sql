-- name: add_ontology
-- A new ontology; no row when the organisation has one of this name.
INSERT INTO ontologies (id, organisation_id, name, modality, created_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING id, name, modality

-- name: ontology_named
-- The ontology of this name.
SELECT id FROM ontologies WHERE organisation_id = $1 AND name = $2

-- name: hold_ontology
-- One ontology, locked until the change commits, so that versions are numbered one after another.
SELECT id, name, modality, version FROM ontologies WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- name: rename_ontology
-- Change an ontology's name.
UPDATE ontologies SET name = $2, version = version + 1 WHERE id = $1

-- name: ontology
-- One ontology with its latest version.
SELECT o.id, o.name, o.modality, o.version, o.created_at, v.id AS version_id, v.number, v.content_hash, v.definition,
    v.created_at AS version_created_at, v.created_by AS version_created_by
FROM ontologies o
CROSS JOIN LATERAL (SELECT * FROM ontology_versions WHERE ontology_id = o.id ORDER BY number DESC LIMIT 1) AS v
WHERE o.organisation_id = $1 AND o.id = $2

-- name: ontologies_page
-- Ontologies after a given one, each with its latest version, in the order they were made.
SELECT o.id, o.name, o.modality, o.version, o.created_at, v.id AS version_id, v.number, v.content_hash, v.definition,
    v.created_at AS version_created_at, v.created_by AS version_created_by
FROM ontologies o
CROSS JOIN LATERAL (SELECT * FROM ontology_versions WHERE ontology_id = o.id ORDER BY number DESC LIMIT 1) AS v
WHERE o.organisation_id = $3 AND o.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY o.id LIMIT $2

-- name: add_version
-- A new version, with the next number.
INSERT INTO ontology_versions (id, organisation_id, ontology_id, number, modality, definition, content_hash, created_by,
    follows, steps)
VALUES ($1, $2, $3, (SELECT coalesce(max(number), 0) + 1 FROM ontology_versions WHERE ontology_id = $3), $4, $5, $6, $7,
    $8, $9)
RETURNING *

-- name: latest_version
-- The latest version of an ontology.
SELECT * FROM ontology_versions WHERE ontology_id = $1 ORDER BY number DESC LIMIT 1

-- name: version
-- One version of an ontology, by its id or its number.
SELECT * FROM ontology_versions
WHERE organisation_id = $1 AND ontology_id = $2 AND (id = $3 OR number = $4)

-- name: versions_page
-- Versions of an ontology after a given one, in the order they were published.
SELECT * FROM ontology_versions
WHERE organisation_id = $3 AND ontology_id = $4 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id LIMIT $2

-- name: is_used_by
-- Whether one of these projects has this version of the ontology, or had it: it uses a later one now.
SELECT EXISTS (
    SELECT 1 FROM projects p JOIN ontology_versions pinned ON pinned.id = p.ontology_version_id
    WHERE p.id = ANY($1::uuid[]) AND p.state <> 'deleted' AND pinned.ontology_id = $2 AND pinned.number >= $3)
