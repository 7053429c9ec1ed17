-- name: add_invitation
-- A new invitation, or a link to set a password anew; its code's hash only.
INSERT INTO invitations (id, organisation_id, kind, role, name, email, projects, hash, member_id, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_now() + make_interval(secs => $11))
RETURNING *, false AS over

-- name: open_invitations
-- How many invitations of an organisation are open, counted up to $2.
SELECT count(*) FROM (SELECT 1 FROM invitations
    WHERE organisation_id = $1 AND state = 'open' AND expires_at > clock_now() LIMIT $2) AS counted

-- name: invitation
-- One invitation of an organisation, locked until the change commits.
SELECT *, expires_at <= clock_now() AS over FROM invitations WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- name: invitations_page
-- Invitations after a given one that are for these roles.
SELECT *, expires_at <= clock_now() AS over FROM invitations
WHERE organisation_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') AND role = ANY($4::text[])
ORDER BY id LIMIT $2

-- name: invitation_of_code
-- The invitation of a code, with whoever made it as they are now, and the member of a reset; locked.
SELECT i.*, i.expires_at <= clock_now() AS over, o.name AS organisation, c.name AS invited_by,
    c.role AS inviter_role, c.state AS inviter_state, m.role AS member_role, m.state AS member_state,
    m.name AS member_name, m.email AS member_email
FROM invitations i JOIN organisations o ON o.id = i.organisation_id JOIN members c ON c.id = i.created_by
LEFT JOIN members m ON m.id = i.member_id
WHERE i.hash = $1 FOR UPDATE OF i

-- name: end_invitation
-- An invitation is accepted by a member, or withdrawn.
UPDATE invitations SET state = $2, member_id = coalesce($3, member_id), ended_at = clock_now()
WHERE id = $1 RETURNING *, false AS over

-- name: withdraw_invitations_of
-- Withdraw what a member offered, and the links that were made for the member.
UPDATE invitations SET state = 'withdrawn', ended_at = clock_now()
WHERE state = 'open' AND (created_by = $1 OR member_id = $1) RETURNING id

-- name: withdraw_resets_of
-- A new link to set a member's password takes the place of the older ones.
UPDATE invitations SET state = 'withdrawn', ended_at = clock_now()
WHERE state = 'open' AND kind = 'reset' AND member_id = $1 RETURNING id

-- name: projects_there
-- Those of some projects that an organisation has.
SELECT id, organisation_id FROM projects WHERE organisation_id = $1 AND id = ANY($2::uuid[]) AND state <> 'deleted'

-- name: join_project
-- Put a new member on a project.
INSERT INTO project_members (project_id, member_id, organisation_id, role) VALUES ($1, $2, $3, $4)
