-- The group claim. It serves all waiting claims in one call, one after another, so that each sees what
-- the ones before it took. Rows i with the same claims[i] are one claim's candidate projects in order of preference.
-- after_keys/after_ids say where the member's last claim in that project stood (null: from the start).
-- `OFFSET 0` keeps the check for own answers a look-up of (task, member): joined instead, and planned while the
-- table was small, it would read all of a member's assignments at every claim.
CREATE FUNCTION claim_tasks(
    claims integer[], members uuid[], counts integer[], projects uuid[],
    after_keys timestamptz[], after_ids uuid[], claimed_with uuid[],
    leases_max integer, assignment_ids uuid[]
) RETURNS TABLE (
    claim integer, assignment_id uuid, fence bigint, expires_at timestamptz,
    task_id uuid, order_key timestamptz, stage text, ontology_version_id uuid, instructions_version integer,
    item_id uuid, unique_id text, payload json, suggestions json, project_id uuid
)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    now_at timestamptz := clock_now();
    serving integer;
    wanted integer := 0;
    used integer := 0;
    row_number integer;
    the_project record;
    picked uuid[];
    given integer;
BEGIN
    FOR row_number IN 1 .. cardinality(claims) LOOP
        IF serving IS DISTINCT FROM claims[row_number] THEN
            serving := claims[row_number];
            SELECT least(counts[row_number], leases_max - count(*)) INTO wanted
                FROM assignments a WHERE a.member_id = members[row_number] AND a.state = 'leased';
        END IF;
        CONTINUE WHEN wanted <= 0;
        SELECT p.* INTO the_project FROM projects p WHERE p.id = projects[row_number] AND p.state = 'active';
        CONTINUE WHEN NOT FOUND;

        picked := ARRAY(
            SELECT t.id FROM tasks t
            WHERE t.project_id = the_project.id AND t.reserved_for = members[row_number]
                AND t.state = 'open' AND t.leased + t.answered < t.overlap
                AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.member_id = members[row_number]
                    AND a.state IN ('leased', 'submitted', 'skipped') OFFSET 0)
            ORDER BY t.order_key, t.id LIMIT wanted FOR UPDATE OF t SKIP LOCKED);
        IF cardinality(picked) < wanted THEN
            picked := picked || ARRAY(
                SELECT t.id FROM tasks t
                WHERE t.project_id = the_project.id AND t.reserved_for = '00000000-0000-0000-0000-000000000000'
                    AND t.state = 'open' AND t.leased + t.answered < t.overlap
                    AND (t.order_key, t.id) > (coalesce(after_keys[row_number], '-infinity'),
                        coalesce(after_ids[row_number], '00000000-0000-0000-0000-000000000000'))
                    AND EXISTS (SELECT 1 FROM batches b WHERE b.id = t.batch_id AND b.state = 'open')
                    AND NOT EXISTS (SELECT 1 FROM assignments a
                        WHERE a.task_id = t.id AND a.member_id = members[row_number]
                        AND a.state IN ('leased', 'submitted', 'skipped') OFFSET 0)
                ORDER BY t.order_key, t.id LIMIT wanted - cardinality(picked) FOR UPDATE OF t SKIP LOCKED);
        END IF;
        CONTINUE WHEN cardinality(picked) = 0;

        RETURN QUERY
        WITH new_leases AS (
            INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,
                ontology_version_id, instructions_version, claimed_with, claimed_at, expires_at)
            SELECT assignment_ids[used + chosen.position], t.id, t.project_id, t.organisation_id, members[row_number],
                t.fence + 1, the_project.ontology_version_id, the_project.instructions_version,
                claimed_with[row_number], now_at, now_at + make_interval(secs => the_project.lease_seconds)
            FROM unnest(picked) WITH ORDINALITY AS chosen (id, position) JOIN tasks t ON t.id = chosen.id
            -- Another process may have given this member this task since our snapshot; the index says so.
            ON CONFLICT DO NOTHING
            RETURNING assignments.id, assignments.task_id, assignments.fence, assignments.expires_at,
                assignments.organisation_id
        ), counted AS (
            UPDATE tasks t SET leased = t.leased + 1, fence = l.fence FROM new_leases l WHERE t.id = l.task_id
            RETURNING t.id, t.order_key, t.stage
        ), told AS (
            INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
            SELECT l.organisation_id, 'task.claimed', l.task_id, members[row_number], now_at,
                json_build_object('assignment', l.id, 'fence', l.fence, 'expires_at', l.expires_at)
            FROM new_leases l
        )
        SELECT serving, l.id, l.fence, l.expires_at, c.id, c.order_key, c.stage,
            the_project.ontology_version_id, the_project.instructions_version,
            i.item_id, i.unique_id, i.payload, i.suggestions, the_project.id
        FROM new_leases l JOIN counted c ON c.id = l.task_id JOIN task_items i ON i.task_id = l.task_id
        ORDER BY c.order_key, c.id;
        GET DIAGNOSTICS given = ROW_COUNT;
        used := used + cardinality(picked);
        wanted := wanted - given;
    END LOOP;
END $$;
