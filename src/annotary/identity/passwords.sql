-- name: password_of
-- A member's password, if there is one; locked until the change commits.
SELECT * FROM passwords WHERE member_id = $1 FOR UPDATE

-- name: has_password
-- Whether a member has a password.
SELECT EXISTS (SELECT 1 FROM passwords WHERE member_id = $1)

-- name: passwords_of_email
-- The passwords of the active members with an e-mail: one in each of a few organisations.
SELECT p.* FROM members m JOIN passwords p ON p.member_id = m.id
WHERE lower(m.email) = lower($1) AND m.state = 'active' ORDER BY m.id LIMIT $2

-- name: hold_unchanged
-- The password that was just verified, if neither it nor its member changed meanwhile; locked.
SELECT p.* FROM passwords p JOIN members m ON m.id = p.member_id
WHERE p.member_id = $1 AND p.hash = $2 AND m.state = 'active' FOR UPDATE OF p, m

-- name: put_password
-- Set a member's password.
INSERT INTO passwords (member_id, organisation_id, salt, hash, cost, block_size, parallelism, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, clock_now())
ON CONFLICT (member_id) DO UPDATE SET salt = excluded.salt, hash = excluded.hash, cost = excluded.cost,
    block_size = excluded.block_size, parallelism = excluded.parallelism, changed_at = excluded.changed_at

-- name: take_attempt
-- Count an attempt for a key, unless $3 are open, each of which is forgiven after $2 seconds: then no row.
INSERT INTO sign_in_attempts AS a (key, forgiven_at) VALUES ($1, clock_now() + make_interval(secs => $2))
ON CONFLICT (key) DO UPDATE SET forgiven_at = greatest(a.forgiven_at, clock_now()) + make_interval(secs => $2)
WHERE a.forgiven_at <= clock_now() + make_interval(secs => $2 * ($3 - 1))
RETURNING key

-- name: attempt_wait
-- In how many seconds a key may make one more attempt.
SELECT (extract(epoch FROM forgiven_at - clock_now()) - $2::float8 * ($3::integer - 1))::float8
FROM sign_in_attempts WHERE key = $1

-- name: give_attempt_back
-- An attempt that succeeded does not count.
UPDATE sign_in_attempts SET forgiven_at = forgiven_at - make_interval(secs => $2) WHERE key = $1

-- name: forget_attempts
-- Delete what was forgiven long ago, up to $1 rows.
DELETE FROM sign_in_attempts WHERE key IN (SELECT key FROM sign_in_attempts
    WHERE forgiven_at < clock_now() ORDER BY forgiven_at LIMIT $1 FOR UPDATE SKIP LOCKED)
