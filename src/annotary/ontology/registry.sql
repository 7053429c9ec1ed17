-- name: by_hash
-- The first version of an organisation with a content hash.
SELECT * FROM ontology_versions WHERE organisation_id = $1 AND content_hash = $2 ORDER BY id LIMIT 1

-- name: by_name
-- A version of an ontology by the ontology's name and the version's number; null: the latest.
SELECT v.* FROM ontology_versions v JOIN ontologies o ON o.id = v.ontology_id
WHERE o.organisation_id = $1 AND o.name = $2 AND ($3::integer IS NULL OR v.number = $3)
ORDER BY v.number DESC LIMIT 1

-- name: by_id
-- A version by its id.
SELECT * FROM ontology_versions WHERE organisation_id = $1 AND id = $2
