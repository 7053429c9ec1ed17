-- One label in two transactions, each writing the rows that the product writes for it.
WITH picked AS MATERIALIZED (
    SELECT t.id, t.project_id, t.organisation_id, t.fence FROM tasks t
    WHERE t.project_id = '00000000-0000-0000-0000-000000000001'
        AND t.reserved_for = '00000000-0000-0000-0000-000000000000' AND t.state = 'open' AND t.leased + t.answered < t.overlap
    ORDER BY t.order_key, t.id LIMIT 1 FOR UPDATE SKIP LOCKED
), given AS (
    INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence, ontology_version_id,
        instructions_version, claimed_at, expires_at)
    SELECT uuidv7(), p.id, p.project_id, p.organisation_id, m.id, p.fence + 1, p.project_id, 0, now(), now() + interval '30 min'
    FROM picked p, members m WHERE m.client = :client_id
    RETURNING id, task_id, organisation_id, member_id, fence
), counted AS (
    UPDATE tasks t SET leased = t.leased + 1, fence = p.fence + 1 FROM picked p WHERE t.id = p.id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, data)
    SELECT organisation_id, 'task.claimed', task_id, member_id, json_build_object('assignment', id, 'fence', fence) FROM given
)
SELECT g.id AS assignment, octet_length(i.payload::text) AS bytes FROM given g JOIN task_items i ON i.task_id = g.task_id \gset
WITH held AS MATERIALIZED (
    SELECT *, uuidv7() AS new_id FROM assignments
    WHERE id = :assignment::uuid AND state = 'leased' AND expires_at > clock_timestamp() FOR UPDATE
), keyed AS (
    INSERT INTO idempotency_keys (member_id, key, request_hash, status, reference_id)
    SELECT member_id, new_id::text, decode(repeat('00', 32), 'hex'), 200, new_id FROM held
), stored AS (
    INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id, ontology_version_id,
        instructions_version, answer, content_hash, seconds, received_at, committed_at)
    SELECT new_id, id, task_id, project_id, organisation_id, member_id, ontology_version_id, 0,
        '{"classification":[{"label":"good"}]}', decode(repeat('00', 32), 'hex'), 1.5, now(), now() FROM held
), ended AS (
    UPDATE assignments a SET state = 'submitted', submission_id = h.new_id, ended_at = now() FROM held h WHERE a.id = h.id
), counted AS (
    UPDATE tasks t SET leased = t.leased - 1, answered = t.answered + 1, state = 'done' FROM held h WHERE t.id = h.task_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, data)
    SELECT organisation_id, 'submission.received', task_id, member_id, json_build_object('submission', new_id) FROM held
    UNION ALL SELECT organisation_id, 'task.done', task_id, NULL, json_build_object('answers', 1) FROM held
)
SELECT count(*) FROM held;
