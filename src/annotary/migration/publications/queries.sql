-- name: base_version
-- The latest version that is neither on trial nor taken back: what the next one is made from.
SELECT v.* FROM ontology_versions v
WHERE v.ontology_id = $1
    AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.version_id = v.id AND p.state <> 'full')
ORDER BY v.number DESC LIMIT 1

-- name: hold_projects
-- The projects of an ontology, locked in one order: all of them, or those among $2.
SELECT id, organisation_id, name, modality, state, version, ontology_version_id FROM projects
WHERE ontology_id = $1 AND state <> 'deleted' AND ($2::uuid[] IS NULL OR id = ANY($2)) ORDER BY id FOR UPDATE

-- name: project_ids
-- The projects of an ontology: all of them, or those among $2.
SELECT id FROM projects
WHERE ontology_id = $1 AND state <> 'deleted' AND ($2::uuid[] IS NULL OR id = ANY($2)) ORDER BY id

-- name: give_version
-- A project works with a version from now on; whatever was on trial there is not any more.
UPDATE projects SET ontology_version_id = $2, canary_version_id = NULL, canary_share = 0, version = version + 1
WHERE id = $1 RETURNING *

-- name: try_version
-- A share of a project's tasks gets a version on trial; null and 0: none is on trial any more.
UPDATE projects SET canary_version_id = $2, canary_share = $3, version = version + 1 WHERE id = $1 RETURNING *

-- name: is_on_trial
-- Whether a version of the ontology is on trial.
SELECT EXISTS (SELECT 1 FROM publications WHERE ontology_id = $1 AND state = 'watching')

-- name: add_publication
-- A publication.
INSERT INTO publications (id, organisation_id, ontology_id, version_id, previous_id, state, project_ids, share, request,
    checked, projects_before, reason, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: publication
-- One publication with its version.
SELECT p.*, v.id AS shown_id, v.number, v.modality, v.content_hash, v.definition, v.created_at AS version_created_at
FROM publications p JOIN ontology_versions v ON v.id = p.version_id WHERE p.id = $1 AND p.organisation_id = $2

-- name: publications_page
-- The publications of an ontology, oldest first.
SELECT p.*, v.id AS shown_id, v.number, v.modality, v.content_hash, v.definition, v.created_at AS version_created_at
FROM publications p JOIN ontology_versions v ON v.id = p.version_id
WHERE p.ontology_id = $3 AND p.organisation_id = $4 AND ($1::uuid IS NULL OR p.id > $1) ORDER BY p.id LIMIT $2

-- name: version
-- One version.
SELECT * FROM ontology_versions WHERE id = $1

-- name: hold_publication
-- One publication, locked until its state has changed.
SELECT * FROM publications WHERE id = $1 AND organisation_id = $2 FOR UPDATE

-- name: is_followed
-- Whether a later version was made from this one, and stands.
SELECT EXISTS (SELECT 1 FROM ontology_versions v WHERE v.follows = $1
    AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.version_id = v.id AND p.state = 'withdrawn'))

-- name: set_publication
-- The publication's next state.
UPDATE publications SET state = $2, projects_before = $3, reason = coalesce($4, reason), changed_by = $5,
    changed_at = clock_timestamp()
WHERE id = $1

-- name: watching
-- Versions of a modality that are on trial.
SELECT p.* FROM publications p JOIN ontologies o ON o.id = p.ontology_id
WHERE p.state = 'watching' AND o.modality = $1 ORDER BY p.id

-- name: note_watched
-- What was seen of a version on trial.
UPDATE publications SET watched = $2 WHERE id = $1 AND state = 'watching'
