-- name: credential
-- The token or session of a hash, with its member, while both are good; locked until the change commits.
SELECT t.id, t.kind, t.organisation_id, t.member_id, t.made_with, t.expires_at
FROM tokens t JOIN members m ON m.id = t.member_id
WHERE t.hash = $1 AND t.revoked_at IS NULL AND m.state = 'active'
    AND (t.expires_at IS NULL OR t.expires_at > clock_now())
FOR UPDATE OF t

-- name: add_session
-- A new session: it lasts $7 seconds at most, $6 without being used, and no longer than what it was made with ($8).
INSERT INTO tokens (id, organisation_id, member_id, kind, name, hash, made_with, expires_at, ends_at)
SELECT $1, $2, $3, 'session', $4, $5, $9, least(clock_now() + make_interval(secs => $6), ends_at), ends_at
FROM (SELECT least(clock_now() + make_interval(secs => $7), $8::timestamptz) AS ends_at) AS until
RETURNING *

-- name: put_off_session
-- A session that is used ends later, though never after its end.
UPDATE tokens SET expires_at = least(ends_at, clock_now() + make_interval(secs => $2))
WHERE id = $1 AND kind = 'session' AND revoked_at IS NULL AND expires_at > clock_now()
RETURNING id, organisation_id, member_id

-- name: sessions_of
-- The sessions of a member that are going on, the latest first.
SELECT * FROM tokens WHERE member_id = $1 AND kind = 'session' AND revoked_at IS NULL AND expires_at > clock_now()
ORDER BY id DESC

-- name: end_session
-- End one session of a member.
UPDATE tokens SET revoked_at = clock_now()
WHERE member_id = $1 AND id = $2 AND kind = 'session' AND revoked_at IS NULL RETURNING *

-- name: end_sessions
-- End every session of a member but one.
UPDATE tokens SET revoked_at = clock_now()
WHERE member_id = $1 AND kind = 'session' AND revoked_at IS NULL AND id IS DISTINCT FROM $2 RETURNING *

-- name: end_old_sessions
-- End the oldest sessions of a member, so that $2 are left.
UPDATE tokens SET revoked_at = clock_now()
WHERE id IN (SELECT id FROM tokens WHERE member_id = $1 AND kind = 'session' AND revoked_at IS NULL
    ORDER BY id DESC OFFSET $2)
RETURNING *
