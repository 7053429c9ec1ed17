-- name: caller_of_token
-- Who a token's hash belongs to, whether it is still good, and the projects the member is on.
SELECT m.id AS member_id, m.organisation_id, m.role, m.name,
    t.revoked_at IS NULL AND m.state = 'active' AND o.state = 'active' AS good,
    extract(epoch FROM t.expires_at - clock_now())::float8 AS seconds_left,
    t.id AS token_id, t.expires_at < least(t.ends_at, clock_now() + make_interval(secs => $2)) IS TRUE AS due,
    ARRAY(SELECT p.project_id FROM project_members p WHERE p.member_id = m.id ORDER BY p.project_id) AS projects,
    ARRAY(SELECT p.role FROM project_members p WHERE p.member_id = m.id ORDER BY p.project_id) AS roles
FROM tokens t
JOIN members m ON m.id = t.member_id
JOIN organisations o ON o.id = m.organisation_id
WHERE t.hash = $1

-- name: organisation
-- One organisation.
SELECT id, name, version, created_at FROM organisations WHERE id = $1

-- name: hold_organisation
-- One organisation, locked until the change to it commits.
SELECT id, name, version, created_at FROM organisations WHERE id = $1 FOR UPDATE

-- name: rename_organisation
-- Change an organisation's name.
UPDATE organisations SET name = $2, version = version + 1 WHERE id = $1
RETURNING id, name, version, created_at

-- name: hold_organisations
-- Only one process at a time may decide that the installation is empty.
LOCK TABLE organisations IN SHARE ROW EXCLUSIVE MODE

-- name: first_organisation
-- The oldest organisation.
SELECT id, name, version, created_at FROM organisations WHERE state = 'active' ORDER BY id LIMIT 1

-- name: add_organisation
-- A new organisation.
INSERT INTO organisations (id, name) VALUES ($1, $2) RETURNING id, name, version, created_at

-- name: first_owner
-- The oldest owner that was not removed.
SELECT * FROM members WHERE state = 'active' AND role = 'owner' ORDER BY id LIMIT 1

-- name: member
-- One member of an organisation.
SELECT * FROM members WHERE organisation_id = $1 AND id = $2

-- name: hold_member
-- One member of an organisation, locked until the change commits.
SELECT * FROM members WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- name: hold_owners
-- The owners, locked in one order, so that two of them cannot remove each other at the same time.
SELECT id FROM members WHERE organisation_id = $1 AND role = 'owner' AND state = 'active' ORDER BY id FOR UPDATE

-- name: members_page
-- Members of an organisation after a given one, in the order they were made.
SELECT * FROM members WHERE organisation_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id LIMIT $2

-- name: add_member
-- A new member; no row when an active member has the email address.
INSERT INTO members (id, organisation_id, name, email, role) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING *

-- name: member_with_email
-- The active member who has an email address.
SELECT id FROM members WHERE organisation_id = $1 AND lower(email) = lower($2) AND state = 'active'

-- name: change_member
-- Change a member's name and role.
UPDATE members SET name = $2, role = $3, version = version + 1 WHERE id = $1 RETURNING *

-- name: change_own
-- Change a member's own name and e-mail.
UPDATE members SET name = $2, email = $3, version = version + 1 WHERE id = $1 RETURNING *

-- name: remove_member
-- The member can do nothing any more; the row stays, since the record names it. The address can be used again.
UPDATE members SET state = 'removed', removed_at = clock_now(), email = NULL, version = version + 1
WHERE id = $1 RETURNING *

-- name: forget_password
-- A removed member has no password.
DELETE FROM passwords WHERE member_id = $1

-- name: leave_projects
-- Take a member off every project.
DELETE FROM project_members WHERE member_id = $1 RETURNING project_id, role

-- name: revoke_tokens_of
-- Revoke every token of a member.
UPDATE tokens SET revoked_at = clock_now() WHERE member_id = $1 AND revoked_at IS NULL RETURNING id

-- name: add_token
-- A new token: its hash only.
INSERT INTO tokens (id, organisation_id, member_id, name, hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING *

-- name: token
-- One token of an organisation, with the role of the member it belongs to, locked until the change commits.
SELECT t.*, m.role FROM tokens t JOIN members m ON m.id = t.member_id
WHERE t.organisation_id = $1 AND t.id = $2 AND t.kind = 'token' FOR UPDATE OF t

-- name: tokens_page
-- Tokens after a given one: those of one member when given, and only of members with these roles or the caller's own.
SELECT t.* FROM tokens t JOIN members m ON m.id = t.member_id
WHERE t.organisation_id = $3 AND t.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND t.kind = 'token' AND ($4::uuid IS NULL OR t.member_id = $4)
    AND (t.member_id = $5 OR m.role = ANY($6::text[]))
ORDER BY t.id LIMIT $2

-- name: revoke_token
-- Revoke a token, once, and the sessions that were begun with it.
WITH ended AS (
    UPDATE tokens SET revoked_at = clock_now() WHERE made_with = $1 AND revoked_at IS NULL
    RETURNING id
)
UPDATE tokens SET revoked_at = coalesce(revoked_at, clock_now()) WHERE id = $1
RETURNING *, ARRAY(SELECT id FROM ended) AS sessions
