-- name: add_project
-- A new project.
INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id, overlap, lease_seconds,
    weight, quality, gold_first, entry, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *

-- name: project
-- One project.
SELECT * FROM projects WHERE id = $1

-- name: hold_project
-- One project, locked until the change commits.
SELECT * FROM projects WHERE id = $1 FOR UPDATE

-- name: projects_page
-- Projects after a given one, in the order they were made: all of an organisation, or those among $4.
SELECT * FROM projects
WHERE organisation_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND ($4::uuid[] IS NULL OR id = ANY($4)) AND state = ANY($5::text[])
ORDER BY id LIMIT $2

-- name: change_project
-- Write what was changed about a project.
UPDATE projects SET name = $2, state = $3, overlap = $4, lease_seconds = $5, weight = $6, ontology_version_id = $7,
    quality = $8, gold_first = $9, entry = $10, version = version + 1
WHERE id = $1 RETURNING *

-- name: hold_member
-- A member of the organisation, who must not be removed until this commits.
SELECT name, state FROM members WHERE organisation_id = $1 AND id = $2 FOR SHARE

-- name: put_project_member
-- Give a member a role on a project.
INSERT INTO project_members (project_id, member_id, organisation_id, role) VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id, member_id) DO UPDATE SET role = excluded.role

-- name: project_member
-- One member on a project.
SELECT p.project_id, p.member_id, m.name, p.role
FROM project_members p JOIN members m ON m.id = p.member_id
WHERE p.project_id = $1 AND p.member_id = $2

-- name: project_members_page
-- Members on a project after a given one.
SELECT p.member_id AS id, p.project_id, p.member_id, m.name, p.role
FROM project_members p JOIN members m ON m.id = p.member_id
WHERE p.project_id = $3 AND p.member_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY p.member_id LIMIT $2

-- name: projects_of_member_page
-- The projects a member is on, after a given one.
SELECT p.project_id AS id, p.project_id, p.member_id, m.name, p.role
FROM project_members p JOIN members m ON m.id = p.member_id JOIN projects r ON r.id = p.project_id
WHERE p.member_id = $3 AND p.project_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND r.state <> 'deleted'
ORDER BY p.project_id LIMIT $2

-- name: remove_project_member
-- Take a member off a project.
DELETE FROM project_members WHERE project_id = $1 AND member_id = $2

-- name: add_instructions
-- The next version of a project's instructions.
INSERT INTO instructions (project_id, organisation_id, version, body, created_by)
SELECT id, organisation_id, instructions_version + 1, $2, $3 FROM projects WHERE id = $1 RETURNING *

-- name: count_instructions
-- The project's current instructions are the newest.
UPDATE projects SET instructions_version = $2, version = version + 1 WHERE id = $1 RETURNING *

-- name: instructions_page
-- Versions of a project's instructions, newest first.
SELECT * FROM instructions WHERE project_id = $3 AND version < coalesce($1::integer, 2147483647) ORDER BY version DESC LIMIT $2
