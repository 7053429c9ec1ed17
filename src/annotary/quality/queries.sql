-- name: hold_outcomes
-- One writer of outcomes at a time in a schema, until its transaction ends: versions follow one another.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.outcomes', 0))

-- name: terms
-- The projects of tasks, and what consensus has to know of them.
SELECT id AS project_id, ontology_version_id, quality FROM projects
WHERE id IN (SELECT project_id FROM tasks WHERE id = ANY($1::uuid[]))

-- name: standings
-- Where tasks stand: their counted submissions in the order they came, and what their current outcome rests on.
-- Answers, and what is known of gold, are read for the projects $2.
SELECT t.id AS task_id, t.project_id, t.organisation_id, t.batch_id, t.state, t.overlap,
    (SELECT b.target FROM batches b WHERE b.id = t.batch_id AND t.state = 'done') AS target,
    CASE t.state WHEN 'gold' THEN (SELECT g.answer FROM gold_tasks g WHERE g.task_id = t.id AND g.state = 'active'
        AND t.project_id = ANY($2::uuid[])) END AS gold,
    coalesce(counted.submission_ids, '{}') AS submission_ids,
    coalesce(counted.member_ids, '{}') AS member_ids,
    coalesce(counted.answers, '{}') AS answers,
    coalesce(counted.content_hashes, '{}') AS content_hashes,
    coalesce(counted.ontology_version_ids, '{}') AS ontology_version_ids,
    (SELECT o.submission_ids FROM outcomes o
        WHERE o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL) AS outcome_submission_ids
FROM tasks t
CROSS JOIN LATERAL (
    SELECT array_agg(s.id ORDER BY s.id) AS submission_ids,
        array_agg(a.member_id ORDER BY s.id) AS member_ids,
        array_agg(CASE WHEN t.project_id = ANY($2::uuid[]) THEN s.answer::text END ORDER BY s.id) AS answers,
        array_agg(s.content_hash ORDER BY s.id) AS content_hashes,
        array_agg(s.ontology_version_id ORDER BY s.id) AS ontology_version_ids
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = t.id AND a.state = 'submitted'
) AS counted
WHERE t.id = ANY($1::uuid[])

-- name: supersede
-- The current outcomes of tasks give way to their next versions.
UPDATE outcomes SET superseded_at = clock_now()
WHERE task_id = ANY($1::uuid[]) AND superseded_at IS NULL RETURNING task_id

-- name: withdraw
-- The current outcomes of tasks no longer hold, and nothing takes their place yet.
UPDATE outcomes SET state = 'withdrawn', superseded_at = clock_now()
WHERE task_id = ANY($1::uuid[]) AND superseded_at IS NULL RETURNING id, task_id, organisation_id, version

-- name: add_outcomes
-- The next versions of tasks' outcomes. Where no answer is given that of a submission is copied, byte for byte.
INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, state, answer, content_hash,
    ontology_version_id, aggregator, aggregator_version, parameters, run_id, confidence, agreement, submission_ids,
    confidences, consumed_at, created_at)
SELECT n.id, n.task_id, n.project_id, n.organisation_id,
    coalesce((SELECT max(o.version) FROM outcomes o WHERE o.task_id = n.task_id), 0) + 1, n.state,
    coalesce(n.answer, (SELECT s.answer FROM submissions s WHERE s.id = n.copied)), n.content_hash,
    n.ontology_version_id, n.aggregator, n.aggregator_version, n.parameters, n.run_id, n.confidence, n.agreement,
    n.submission_ids::uuid[], n.confidences, CASE WHEN n.run_id IS NULL THEN coalesce(n.consumed_at, now()) END,
    clock_now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::json[], $7::uuid[], $8::bytea[],
    $9::uuid[], $10::text[], $11::json[], $12::uuid[], $13::real[], $14::text[], $15::real[],
    $16::text[], $17::json[], $18::timestamptz[]) AS n (id, task_id, project_id, organisation_id, state, answer, copied, content_hash,
    ontology_version_id, aggregator, parameters, run_id, confidence, aggregator_version, agreement, submission_ids,
    confidences, consumed_at)
RETURNING task_id, version

-- name: ask_merges
-- These tasks' answers differ; asked again, a merge under way is void.
INSERT INTO merges (task_id, project_id, organisation_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
ON CONFLICT (task_id) DO UPDATE
SET state = 'waiting', asked_in = pg_current_xact_id(), asked_at = now(), attempts = 0, reason = NULL

-- name: drop_merges
-- These tasks want no merge any more.
DELETE FROM merges WHERE task_id = ANY($1::uuid[])

-- name: due_merges
-- The merges to do next, those that failed before last.
SELECT m.task_id, m.asked_in::text::bigint AS asked_in, m.attempts, m.asked_at,
    coalesce((SELECT sum(pg_column_size(s.answer)) FROM assignments a JOIN submissions s ON s.id = a.submission_id
        WHERE a.task_id = m.task_id AND a.state = 'submitted'), 0)::bigint AS answer_bytes
FROM merges m WHERE m.state = 'waiting' ORDER BY m.attempts, m.asked_in LIMIT $1

-- name: merge_inputs
-- The items and counted answers of tasks.
SELECT i.task_id, m.project_id, m.organisation_id, t.batch_id, t.overlap,
    (SELECT b.target FROM batches b WHERE b.id = t.batch_id) AS target,
    EXISTS (SELECT 1 FROM outcomes o WHERE o.project_id = m.project_id AND o.task_id = m.task_id
        AND o.superseded_at IS NULL) AS has_outcome, i.payload, counted.*
FROM merges m JOIN task_items i ON i.task_id = m.task_id JOIN tasks t ON t.id = m.task_id
CROSS JOIN LATERAL (
    SELECT array_agg(s.id ORDER BY s.id) AS submission_ids,
        array_agg(a.member_id ORDER BY s.id) AS member_ids,
        array_agg(s.answer::text ORDER BY s.id) AS answers,
        array_agg(s.ontology_version_id ORDER BY s.id) AS ontology_version_ids
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = m.task_id AND a.state = 'submitted'
) AS counted
WHERE m.task_id = ANY($1::uuid[]) AND counted.submission_ids IS NOT NULL

-- name: ontology_versions
-- Definitions by id.
SELECT id, number, definition, content_hash FROM ontology_versions WHERE id = ANY($1::uuid[])

-- name: hold_merges
-- Which merges are still wanted as they were asked for; locked, so that nobody asks again meanwhile.
SELECT task_id FROM merges
WHERE state = 'waiting' AND (task_id, asked_in) IN (
    SELECT task_id, asked_in::text::xid8 FROM unnest($1::uuid[], $2::bigint[]) AS held (task_id, asked_in))
ORDER BY task_id FOR UPDATE

-- name: block_merges
-- These are left to people, with the reason.
UPDATE merges m SET state = 'blocked', reason = b.reason
FROM unnest($1::uuid[], $2::text[]) AS b (task_id, reason) WHERE m.task_id = b.task_id

-- name: retry_merges
-- These go to the end of the queue, and get more time.
UPDATE merges SET attempts = attempts + 1 WHERE task_id = ANY($1::uuid[])

-- name: outcomes_page
-- A project's current outcomes, in the order of their tasks.
SELECT o.*, i.unique_id FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
WHERE o.project_id = $3 AND o.superseded_at IS NULL AND ($1::uuid IS NULL OR o.task_id > $1)
ORDER BY o.task_id LIMIT $2

-- name: task_outcomes
-- Every version of a task's outcome, the newest first.
SELECT o.*, i.unique_id FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
WHERE o.task_id = $1 ORDER BY o.version DESC

-- name: task_place
-- Whose task this is, and whether its answers wait to be merged.
SELECT t.project_id, t.organisation_id, m.state AS merge_state, m.reason
FROM tasks t LEFT JOIN merges m ON m.task_id = t.id WHERE t.id = $1

-- name: task_submissions
-- Every submission on a task, and whether it counts.
SELECT s.*, coalesce(a.state = 'submitted' AND a.submission_id = s.id, false) AS counts
FROM submissions s LEFT JOIN assignments a ON a.id = s.assignment_id
WHERE s.task_id = $1 ORDER BY s.id

-- name: progress
-- How far a project is.
SELECT count(*) AS tasks, count(*) FILTER (WHERE state = 'open') AS open,
    count(*) FILTER (WHERE state = 'paused') AS paused, count(*) FILTER (WHERE state = 'done') AS done,
    count(*) FILTER (WHERE state = 'cancelled') AS cancelled, coalesce(sum(answered), 0) AS submissions,
    (SELECT count(*) FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL AND state = 'accepted') AS outcomes,
    (SELECT count(*) FROM merges WHERE project_id = $1 AND state = 'blocked') AS blocked
FROM tasks WHERE project_id = $1
