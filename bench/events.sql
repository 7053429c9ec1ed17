-- name: add_answers
-- Some transactions' worth of work: of every five events two tasks are claimed, two answered, one is done.
WITH made AS MATERIALIZED (
    SELECT n, gen_random_uuid() AS submission_id, gen_random_uuid() AS assignment_id, gen_random_uuid() AS task_id,
        n % 2 AS kind
    FROM generate_series(1, $1::integer * 2 / 5) AS n
), kept AS (
    INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
        instructions_version, answer, content_hash, seconds, received_at, committed_at)
    SELECT submission_id, assignment_id, task_id, $2, $2, task_id, $2, 0, ($3::json[])[kind + 1], ($4::bytea[])[kind + 1],
        1, now(), now() FROM made
)
INSERT INTO events (organisation_id, type, subject_id, actor_id, data)
SELECT $2, 'task.claimed', task_id, task_id, json_build_object('assignment', assignment_id, 'fence', n,
    'expires_at', now(), 'ontology_version', $2, 'instructions_version', 0) FROM made
UNION ALL
SELECT $2, 'submission.received', task_id, task_id, json_build_object('submission', submission_id,
    'assignment', assignment_id, 'content_hash', encode(($4::bytea[])[kind + 1], 'hex'), 'ontology_version', $2,
    'received_at', now()) FROM made
UNION ALL
SELECT $2, 'task.done', task_id, NULL, json_build_object('answers', 2) FROM made WHERE n % 2 = 0

-- name: tidy
-- As Postgres does by itself after such an amount.
VACUUM ANALYZE

-- name: set_aside
-- Followers of the log that came with it have nothing to do until they are told of its end again.
UPDATE consumers SET transaction_id = $2::text::xid8, sequence = 0 WHERE name = ANY($1::text[])

-- name: next_transaction
-- Behind all that there is.
SELECT pg_snapshot_xmax(pg_current_snapshot())::text
