-- name: spread
-- Tasks, leases and answers to be made, $3 of them spread over $4 days.
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT n, md5($1::text || 'task' || n / 3)::uuid AS task_id, md5($1::text || 'lease' || n)::uuid AS lease_id,
        (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || substr(md5($1::text || n), 1, 20))::uuid AS id,
        at, ($2::uuid[])[1 + (n + n / 3) % cardinality($2::uuid[])] AS member_id
    FROM (SELECT n, now() - make_interval(secs => $4 * 86400.0 * (1 - n / $3::float)) AS at
        FROM generate_series(0, $3::bigint - 1) AS n) AS spread

-- name: tasks
-- Tasks as they are when they are done.
INSERT INTO tasks (id, project_id, batch_id, organisation_id, state, overlap, answered, order_key)
    SELECT DISTINCT task_id, p.id, b.id, p.organisation_id, 'done', 3, 3, now()
    FROM made, projects p JOIN batches b ON b.project_id = p.id WHERE p.id = $1

-- name: task_items
-- What is labelled.
INSERT INTO task_items (task_id, project_id, item_id, unique_id, payload, created_at)
    SELECT task_id, $1::uuid, task_id, task_id::text, '{"text": "made"}'::json, now()
    FROM (SELECT DISTINCT task_id FROM made) AS tasks

-- name: assignments
-- Leases that ended with an answer.
INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence, state, ontology_version_id,
        instructions_version, submission_id, claimed_at, expires_at, ended_at)
    SELECT lease_id, task_id, p.id, p.organisation_id, member_id, 1, 'submitted', p.ontology_version_id, 1, made.id, at,
        at, at FROM made, projects p WHERE p.id = $1

-- name: submissions
-- The answers.
INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
        instructions_version, answer, content_hash, seconds, received_at, committed_at)
    SELECT made.id, lease_id, task_id, p.id, p.organisation_id, member_id, p.ontology_version_id, 1,
        '{"classification": [{"label": "good"}]}'::json, sha256(made.id::text::bytea), 4, at, at
    FROM made, projects p WHERE p.id = $1

-- name: pace_hours
-- What the consumer of a project's pace would have counted.
INSERT INTO pace_hours AS h SELECT $1::uuid, date_trunc('hour', at, 'UTC'), member_id, count(*), 0, 0, 4000 * count(*)
    FROM made GROUP BY 2, 3 ON CONFLICT (project_id, hour, member_id) DO UPDATE SET labels = h.labels + EXCLUDED.labels

-- name: hop_hours
-- What the consumer of hops would have counted.
INSERT INTO hop_hours AS h SELECT $1::uuid, hour, hop, '', bucket, labels, labels * 1000, 1000, $1::uuid, NULL
    FROM (SELECT date_trunc('hour', at, 'UTC') AS hour, count(*) AS labels FROM made GROUP BY 1) AS hours,
        unnest(ARRAY['claimed', 'first_input', 'submitted', 'group_opened', 'flushed', 'committed', 'done', 'consumed',
            'consensus', 'accepted', 'total']) AS hop, generate_series(40, 69) AS bucket
    ON CONFLICT DO NOTHING
