-- name: submit_group
-- Take a group of checked answers in one statement: the lease is checked and ended, the answer stored, the task
-- counted (done at its overlap), the key kept and the facts told, or nothing of it. One row comes back for each.
WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::json[], $6::bytea[], $7::real[],
        $8::text[], $9::timestamptz[], $10::text[], $11::bytea[], $12::timestamptz[], $13::timestamptz[], $14::text[])
        WITH ORDINALITY AS entry (submission_id, assignment_id, member_id, fence, answer, content_hash, seconds,
        suggested_by, received_at, key, request_hash, first_input_at, group_opened_at, traceparent, position)
), moment AS MATERIALIZED (
    SELECT clock_now() AS at
), kept AS MATERIALIZED (
    -- `OFFSET 0` keeps this a look-up of each key: planned while the table was empty, a join would read all of it.
    SELECT i.position, k.* FROM input i CROSS JOIN LATERAL (
        SELECT request_hash = i.request_hash AS same, reference_id FROM idempotency_keys
        WHERE member_id = i.member_id AND key = i.key OFFSET 0) AS k
), held AS MATERIALIZED (
    SELECT i.*, a.task_id, a.project_id, a.organisation_id, a.ontology_version_id, a.instructions_version,
        a.state, a.fence AS current_fence, a.expires_at <= (SELECT at FROM moment) AS is_over
    FROM input i JOIN assignments a ON a.id = i.assignment_id AND a.member_id = i.member_id
    ORDER BY a.id FOR UPDATE OF a
), good AS MATERIALIZED (
    SELECT held.* FROM held WHERE state = 'leased' AND current_fence = fence AND NOT is_over
        AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.position = held.position)
), keyed AS (
    INSERT INTO idempotency_keys (member_id, key, request_hash, status, reference_id)
    SELECT member_id, key, request_hash, 200, submission_id FROM good
), stored AS (
    INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
        instructions_version, answer, content_hash, seconds, suggested_by, first_input_at, received_at,
        group_opened_at, flushed_at, flushed_why, trace_id, committed_at)
    SELECT submission_id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
        instructions_version, answer, content_hash, seconds, nullif(suggested_by, '')::uuid[], first_input_at,
        received_at, group_opened_at, $15::timestamptz, $16::text, substr(traceparent, 4, 32), moment.at
    FROM good, moment
), ended AS (
    UPDATE assignments a SET state = 'submitted', submission_id = g.submission_id, ended_at = moment.at
    FROM good g, moment WHERE a.id = g.assignment_id
), counted AS (
    UPDATE tasks t SET leased = t.leased - g.answers, answered = t.answered + g.answers,
        reserved_for = CASE t.state WHEN 'gold' THEN t.reserved_for
            ELSE '00000000-0000-0000-0000-000000000000' END,
        state = CASE WHEN t.answered + g.answers >= t.overlap THEN 'done' ELSE t.state END
    FROM (SELECT task_id, count(*)::smallint AS answers FROM good GROUP BY task_id) AS g
    WHERE t.id = g.task_id
    RETURNING t.id, t.organisation_id, t.state, t.answered
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data, traceparent)
    SELECT organisation_id, 'submission.received', task_id, member_id, moment.at, json_build_object(
        'submission', submission_id, 'assignment', assignment_id, 'content_hash', encode(content_hash, 'hex'),
        'ontology_version', ontology_version_id, 'received_at', received_at), traceparent
    FROM good, moment
    UNION ALL
    SELECT organisation_id, 'task.done', id, NULL, moment.at, json_build_object('answers', answered), NULL
    FROM counted, moment WHERE state = 'done'
)
SELECT i.position, g.submission_id, k.same, k.reference_id, h.state, h.current_fence, h.is_over, h.task_id
FROM input i
LEFT JOIN good g ON g.position = i.position
LEFT JOIN kept k ON k.position = i.position
LEFT JOIN held h ON h.position = i.position
ORDER BY i.position

-- name: lease_context
-- What checking an answer needs to know, when this process did not give the lease out itself.
SELECT a.member_id, a.task_id, a.project_id, a.ontology_version_id, i.payload, i.suggestions
FROM assignments a JOIN task_items i ON i.task_id = a.task_id WHERE a.id = $1

-- name: ontology_definition
-- The definition an answer is checked against.
SELECT modality, definition, content_hash FROM ontology_versions WHERE id = $1

-- name: save_draft
-- Keep an answer being written, under the live lease it belongs to; the version guards against a lost update.
INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id, answer)
SELECT a.task_id, a.member_id, a.id, a.project_id, a.ontology_version_id, $4 FROM assignments a
WHERE a.id = $1 AND a.member_id = $2 AND a.fence = $3 AND a.state = 'leased' AND a.expires_at > clock_now()
ON CONFLICT (task_id, member_id) DO UPDATE SET answer = EXCLUDED.answer, assignment_id = EXCLUDED.assignment_id,
    version = drafts.version + 1, saved_at = clock_timestamp(),
    ontology_version_id = EXCLUDED.ontology_version_id
    WHERE $5::integer IS NULL OR drafts.version = $5
RETURNING task_id, answer, version, saved_at

-- name: keep_refused
-- The lease was lost, but what was written is kept as the member's draft for the task.
INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id, answer)
SELECT a.task_id, a.member_id, a.id, a.project_id, a.ontology_version_id, $3 FROM assignments a WHERE a.id = $1 AND a.member_id = $2
ON CONFLICT (task_id, member_id) DO UPDATE SET answer = EXCLUDED.answer, assignment_id = EXCLUDED.assignment_id,
    version = drafts.version + 1, saved_at = clock_timestamp(),
    ontology_version_id = EXCLUDED.ontology_version_id

-- name: draft
-- A member's draft for the task of one of their assignments; else what is kept of a task that is done again, for anybody.
SELECT d.task_id, d.answer, d.version, d.saved_at FROM assignments a
JOIN drafts d ON d.task_id = a.task_id AND d.member_id IN (a.member_id, '00000000-0000-0000-0000-000000000000')
WHERE a.id = $1 AND a.member_id = $2
    AND (d.member_id = a.member_id OR EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.task_id AND t.state = 'open'))
ORDER BY d.member_id = a.member_id DESC LIMIT 1

-- name: drafts_left
-- The drafts that a member may go on from, by assignment: written after whatever they submitted to its task.
SELECT DISTINCT ON (a.id) a.id AS assignment_id, d.task_id, d.answer, d.version, d.saved_at FROM assignments a
JOIN drafts d ON d.task_id = a.task_id AND d.member_id IN (a.member_id, '00000000-0000-0000-0000-000000000000')
WHERE a.id = ANY($1::uuid[]) AND a.member_id = $2
    AND (d.member_id = a.member_id OR EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.task_id AND t.state = 'open'))
    AND NOT EXISTS (SELECT 1 FROM assignments o WHERE o.task_id = a.task_id AND o.member_id = a.member_id
        AND o.state = 'submitted' AND o.ended_at >= d.saved_at)
ORDER BY a.id, d.member_id = a.member_id DESC

-- name: submission_for_revision
-- A submission with its assignment, locked.
SELECT s.id, s.assignment_id, s.task_id, s.project_id, s.organisation_id, s.member_id, s.ontology_version_id,
    s.instructions_version, s.suggested_by, i.payload, i.suggestions, a.submission_id AS current_id, a.state
FROM submissions s JOIN assignments a ON a.id = s.assignment_id JOIN task_items i ON i.task_id = s.task_id
WHERE s.id = $1 FOR UPDATE OF a

-- name: insert_revision
-- A member's second thoughts are a row of their own.
INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
    instructions_version, answer, content_hash, seconds, suggested_by, supersedes, received_at, committed_at)
SELECT $1, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
    instructions_version, $3, $4, $5, suggested_by, id, $6, clock_now()
FROM submissions WHERE id = $2

-- name: point_at
-- The assignment's answer is this submission now.
UPDATE assignments SET submission_id = $2 WHERE id = $1

-- name: submission
-- One submission; it counts while its assignment points at it.
SELECT s.*, a.submission_id = s.id AND a.state = 'submitted' AS counts
FROM submissions s JOIN assignments a ON a.id = s.assignment_id WHERE s.id = $1

-- name: submissions_of_task
-- All answers to a task, of one member or of all.
SELECT s.*, a.submission_id = s.id AND a.state = 'submitted' AS counts
FROM submissions s JOIN assignments a ON a.id = s.assignment_id
WHERE s.task_id = $3 AND ($4::uuid IS NULL OR s.member_id = $4) AND s.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY s.id LIMIT $2

-- name: submissions_of_project
-- A project's answers in the order they came, of one member or of all.
SELECT s.*, a.submission_id = s.id AND a.state = 'submitted' AS counts
FROM submissions s JOIN assignments a ON a.id = s.assignment_id
WHERE s.project_id = $3 AND ($4::uuid IS NULL OR s.member_id = $4) AND s.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY s.id LIMIT $2
