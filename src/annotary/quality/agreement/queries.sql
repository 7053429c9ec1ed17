-- name: ask
-- Tasks are to be compared (again): those with two and more answers, and those that had. Asked again, a comparison under way is void.
INSERT INTO agreement_tasks (task_id, project_id)
SELECT t.id, t.project_id FROM tasks t
WHERE t.id = ANY($1::uuid[]) AND ((t.answered > 1 AND t.state <> 'gold')
    OR EXISTS (SELECT 1 FROM agreement_tasks a WHERE a.task_id = t.id))
ON CONFLICT (task_id) DO UPDATE
SET state = 'waiting', asked_in = pg_current_xact_id(), attempts = 0, reason = NULL

-- name: ask_again
-- All that were compared in projects are to be compared again.
UPDATE agreement_tasks SET state = 'waiting', asked_in = pg_current_xact_id(), attempts = 0, reason = NULL
WHERE project_id = ANY($1::uuid[])

-- name: due
-- The tasks to compare next, those that failed before last.
SELECT a.task_id, a.asked_in::text::bigint AS asked_in, a.attempts,
    coalesce((SELECT sum(pg_column_size(s.answer)) FROM assignments x JOIN submissions s ON s.id = x.submission_id
        WHERE x.task_id = a.task_id AND x.state = 'submitted'), 0)::bigint AS answer_bytes
FROM agreement_tasks a WHERE a.state = 'waiting' ORDER BY a.attempts, a.asked_in LIMIT $1

-- name: inputs
-- The items and counted answers of tasks that have two and more of them, and the week of the last; not of gold.
SELECT t.id AS task_id, t.project_id, t.batch_id, i.payload, counted.*
FROM tasks t JOIN task_items i ON i.task_id = t.id
CROSS JOIN LATERAL (
    SELECT array_agg(a.member_id ORDER BY s.id) AS member_ids,
        array_agg(s.answer::text ORDER BY s.id) AS answers,
        array_agg(s.ontology_version_id ORDER BY s.id) AS ontology_version_ids,
        date_trunc('week', max(s.committed_at) AT TIME ZONE 'UTC')::date AS week
    FROM assignments a JOIN submissions s ON s.id = a.submission_id
    WHERE a.task_id = t.id AND a.state = 'submitted'
) AS counted
WHERE t.id = ANY($1::uuid[]) AND t.state <> 'gold' AND cardinality(counted.member_ids) > 1

-- name: hold
-- One writer of sums at a time in a schema, until its transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.agreement', 0))

-- name: held
-- Tasks whose comparison is still wanted as it was asked for, with what they have added to the sums.
SELECT task_id, project_id, batch_id, week, member_ids, compared FROM agreement_tasks
WHERE state = 'waiting' AND (task_id, asked_in) IN (
    SELECT task_id, asked_in::text::xid8 FROM unnest($1::uuid[], $2::bigint[]) AS held (task_id, asked_in))
ORDER BY task_id FOR UPDATE

-- name: put
-- What tasks' answers say of each other now; members come as one text a task.
UPDATE agreement_tasks a SET state = 'compared', batch_id = n.batch_id, week = n.week,
    member_ids = n.member_ids::uuid[], compared = n.compared
FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::json[]) AS n (task_id, batch_id, week, member_ids, compared)
WHERE a.task_id = n.task_id

-- name: fail
-- Tasks that could not be compared, with the reason; they add nothing.
UPDATE agreement_tasks a SET state = 'failed', reason = n.reason, batch_id = NULL, week = NULL, member_ids = NULL,
    compared = NULL
FROM unnest($1::uuid[], $2::text[]) AS n (task_id, reason) WHERE a.task_id = n.task_id

-- name: drop
-- Tasks that have nothing to compare any more.
DELETE FROM agreement_tasks WHERE task_id = ANY($1::uuid[])

-- name: retry
-- Comparisons that took too long go to the end, and get more time.
UPDATE agreement_tasks SET attempts = attempts + 1 WHERE task_id = ANY($1::uuid[])

-- name: add_sums
-- Add to sums; those not there yet begin.
INSERT INTO agreement_sums AS a (project_id, key, tool, measure, label, week, batch_id, bucket, size, first, second,
    pairs, total)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::date[], $7::uuid[],
    $8::smallint[], $9::smallint[], $10::text[], $11::text[], $12::bigint[], $13::bigint[])
ON CONFLICT (project_id, key) DO UPDATE SET pairs = a.pairs + excluded.pairs, total = a.total + excluded.total

-- name: take_sums
-- Take out of sums.
UPDATE agreement_sums a SET pairs = a.pairs + n.pairs, total = a.total + n.total
FROM unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::bigint[]) AS n (project_id, key, pairs, total)
WHERE a.project_id = n.project_id AND a.key = n.key

-- name: clear_sums
-- Sums of nothing are not kept.
DELETE FROM agreement_sums WHERE project_id = ANY($1::uuid[]) AND pairs = 0

-- name: add_pairs
-- Add to the sums of two annotators; those not there yet begin.
INSERT INTO agreement_pairs AS a (project_id, key, tool, measure, label, one, other, first, second, tasks, total,
    squares)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
    $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::numeric[])
ON CONFLICT (project_id, key) DO UPDATE
SET tasks = a.tasks + excluded.tasks, total = a.total + excluded.total, squares = a.squares + excluded.squares

-- name: take_pairs
-- Take out of the sums of two annotators.
UPDATE agreement_pairs a SET tasks = a.tasks + n.tasks, total = a.total + n.total, squares = a.squares + n.squares
FROM unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::bigint[], $5::numeric[])
    AS n (project_id, key, tasks, total, squares)
WHERE a.project_id = n.project_id AND a.key = n.key

-- name: clear_pairs
-- Sums of nothing are not kept.
DELETE FROM agreement_pairs WHERE project_id = ANY($1::uuid[]) AND tasks = 0

-- name: open_tasks
-- How many tasks of a project wait to be compared, and how many could not be.
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed
FROM agreement_tasks WHERE project_id = $1 AND state <> 'compared'

-- name: grouped_sums
-- A project's sums as JSON, by batch ($2 = 'batch', the newest $3), by week (the newest $3) or all together; null where
-- they are more than $4 rows. By label the scores of labels are wanted, else those of whole answers.
WITH rows AS MATERIALIZED (
    SELECT CASE $2 WHEN 'batch' THEN batch_id::text WHEN 'week' THEN week::text ELSE '' END AS grouped, *
    FROM agreement_sums WHERE project_id = $1 AND (measure = 'classes' OR (label <> '') = ($2 = 'label'))
), shown AS (
    SELECT DISTINCT grouped FROM rows ORDER BY grouped DESC LIMIT $3
), summed AS (
    SELECT json_build_array(grouped, tool, measure, label, bucket, size, first, second, sum(pairs), sum(total)) AS cells
    FROM rows JOIN shown USING (grouped) GROUP BY grouped, tool, measure, label, bucket, size, first, second
)
SELECT CASE WHEN count(*) <= $4 THEN coalesce(json_agg(cells), '[]') END AS cells,
    (SELECT count(DISTINCT grouped) FROM rows) AS groups
FROM summed

-- name: paired_sums
-- The sums of the $2 pairs of annotators that share the most tasks, as JSON; null where they are more than $3 rows.
WITH pairs AS MATERIALIZED (
    SELECT one, other, max(tasks) AS shared, count(*) OVER () AS pairs FROM agreement_pairs
    WHERE project_id = $1 AND measure = 'mean_agreement' GROUP BY one, other
), shown AS MATERIALIZED (
    SELECT one, other, shared FROM pairs ORDER BY shared DESC, one, other LIMIT $2
), cells AS (
    SELECT json_build_array(one, other, p.tool, p.measure, p.label, p.first, p.second, p.tasks, p.total, p.squares) AS cells,
        dense_rank() OVER (ORDER BY s.shared DESC, one, other) AS place, p.tool
    FROM agreement_pairs p JOIN shown s USING (one, other) WHERE p.project_id = $1
)
SELECT CASE WHEN count(*) <= $3 THEN coalesce(json_agg(cells ORDER BY place, tool), '[]') END AS cells,
    coalesce((SELECT max(pairs) FROM pairs), 0) AS groups
FROM cells

-- name: member_names
-- What members are called.
SELECT id, name FROM members WHERE id = ANY($1::uuid[])
