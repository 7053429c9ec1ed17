-- name: count_population
-- How many outcomes an audit draws from: accepted and current, of items that are still there, gold aside.
SELECT count(*) FROM outcomes o JOIN tasks t ON t.id = o.task_id JOIN task_items i ON i.task_id = o.task_id
WHERE o.project_id = $1 AND o.superseded_at IS NULL AND o.state = 'accepted' AND t.state <> 'gold'
    AND json_typeof(i.payload) <> 'null' AND ($2::uuid IS NULL OR t.batch_id = $2)
    AND ($3::uuid IS NULL OR EXISTS (
        SELECT 1 FROM submissions s WHERE s.id = ANY(o.submission_ids) AND s.member_id = $3))

-- name: add_audit
-- An audit and its sample: the outcomes whose keyed hash is least, which is a simple random sample for a random seed.
-- Reviews come in the order of that hash, so that those judged first are a simple random sample as well.
WITH population AS MATERIALIZED (
    SELECT o.id, o.task_id, o.version FROM outcomes o
    JOIN tasks t ON t.id = o.task_id JOIN task_items i ON i.task_id = o.task_id
    WHERE o.project_id = $2 AND o.superseded_at IS NULL AND o.state = 'accepted' AND t.state <> 'gold'
        AND json_typeof(i.payload) <> 'null' AND ($4::uuid IS NULL OR t.batch_id = $4)
        AND ($5::uuid IS NULL OR EXISTS (
            SELECT 1 FROM submissions s WHERE s.id = ANY(o.submission_ids) AND s.member_id = $5))
), drawn AS (
    SELECT *, row_number() OVER (ORDER BY key, id) AS place
    FROM (SELECT *, sha256(int8send($6) || uuid_send(id)) AS key FROM population) AS keyed
    ORDER BY key, id LIMIT cardinality($10::uuid[])
), audit AS (
    INSERT INTO audits (id, organisation_id, project_id, batch_id, member_id, seed, population, size, margin,
        confidence, created_by, created_at)
    SELECT $1, $3, $2, $4, $5, $6, (SELECT count(*) FROM population), (SELECT count(*) FROM drawn), $7, $8, $9,
        clock_now()
    RETURNING *
), sampled AS (
    INSERT INTO reviews (id, task_id, project_id, organisation_id, purpose, audit_id, round_id, level, levels,
        outcome_id, outcome_version, order_key, created_at)
    SELECT ($10::uuid[])[d.place], d.task_id, $2, $3, 'audit', $1,
        coalesce((SELECT a.round_id FROM reviews a WHERE a.amended_to = d.id LIMIT 1), d.id), 1, 1,
        d.id, d.version, $11, clock_now()
    FROM drawn d
    RETURNING *
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'review.opened', task_id, $9, created_at, json_build_object('review', id, 'purpose', purpose,
        'round', round_id, 'level', level, 'levels', levels, 'outcome', outcome_id, 'audit', audit_id, 'reason', reason)
    FROM sampled
)
SELECT * FROM audit

-- name: audit
-- One audit.
SELECT * FROM audits WHERE id = $1

-- name: audits_page
-- The audits of a project.
SELECT * FROM audits WHERE project_id = $3 AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2

-- name: audit_counts
-- How far audits are: verdicts, those that found an error, and outcomes whose items are gone.
SELECT r.audit_id, count(*) FILTER (WHERE r.state = 'decided') AS decided,
    count(*) FILTER (WHERE r.verdict <> 'accepted') AS errors,
    count(*) FILTER (WHERE r.state = 'withdrawn' OR (r.state = 'open' AND json_typeof(i.payload) = 'null')) AS lost
FROM reviews r JOIN task_items i ON i.task_id = r.task_id
WHERE r.audit_id = ANY($1::uuid[]) GROUP BY r.audit_id
