-- Whether a task is among the share of tasks that get a version on trial: the same answer for all who claim it.
CREATE FUNCTION on_trial(task uuid, share real) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT (uuid_hash_extended(task, 0) & 1023) < share * 1024 $$;

-- The group claim. It serves all waiting claims in one call, one after another, so that each sees what
-- the ones before it took. Rows i with the same claims[i] are one claim's candidate projects in order of preference;
-- a member has one claim in a call at most, since leases are written for all together at the end.
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
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    mixed_in CONSTANT uuid := '00000000-0000-0000-0000-000000000001';
    qualification CONSTANT uuid := '00000000-0000-0000-0000-000000000002';
    now_at timestamptz := clock_now();
    -- Fences only ever grow; that they are times as well keeps how often a task was given out, which tells gold, from showing.
    fence_at CONSTANT bigint := (extract(epoch FROM now_at) * 1000000)::bigint;
    serving integer;
    wanted integer := 0;
    standing record;
    counting record;
    picked uuid[];
    taken_tasks uuid[] := '{}';
    taken_rows integer[] := '{}';
    gold_rows integer[] := '{}';
    gold_asked integer[] := '{}';
BEGIN
    FOR row_number IN 1 .. cardinality(claims) LOOP
        CONTINUE WHEN serving = claims[row_number] AND wanted <= 0;
        SELECT p.id, p.organisation_id, p.entry, coalesce(a.state, p.entry) AS state, coalesce(a.skill, 0) AS skill,
            coalesce(a.gold_waiting, p.gold_first) AS gold_waiting,
            EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id AND t.reserved_for = members[row_number]
                AND t.state = 'open' AND t.leased + t.answered < t.overlap) AS has_reserved,
            (SELECT count(*) FROM assignments l WHERE l.member_id = members[row_number] AND l.state = 'leased') AS held
        INTO standing
        FROM projects p LEFT JOIN annotators a ON a.project_id = p.id AND a.member_id = members[row_number]
        WHERE p.id = projects[row_number] AND p.state = 'active';
        CONTINUE WHEN NOT FOUND;
        IF serving IS DISTINCT FROM claims[row_number] THEN
            serving := claims[row_number];
            wanted := least(counts[row_number], leases_max - standing.held);
        END IF;
        CONTINUE WHEN wanted <= 0 OR standing.state = 'paused';

        IF standing.state = 'qualifying' OR standing.gold_waiting > 0 THEN
            picked := claim_gold(standing.id, members[row_number], now_at, fence_at,
                CASE standing.state WHEN 'qualifying' THEN qualification ELSE mixed_in END,
                CASE standing.state WHEN 'qualifying' THEN wanted ELSE least(wanted, standing.gold_waiting) END);
            taken_tasks := taken_tasks || picked;
            taken_rows := taken_rows || array_fill(row_number, ARRAY[cardinality(picked)]);
            IF standing.state = 'active' THEN
                gold_rows := gold_rows || row_number;
                gold_asked := gold_asked || least(wanted, standing.gold_waiting);
            END IF;
            wanted := wanted - cardinality(picked);
            CONTINUE WHEN wanted <= 0 OR standing.state = 'qualifying';
        END IF;

        picked := '{}';
        IF standing.has_reserved THEN
            picked := ARRAY(
                SELECT t.id FROM tasks t
                WHERE t.project_id = standing.id AND t.reserved_for = members[row_number]
                    AND t.state = 'open' AND t.leased + t.answered < t.overlap
                    AND NOT EXISTS (SELECT 1 FROM assignments a
                        WHERE a.task_id = t.id AND a.member_id = members[row_number]
                        AND a.state IN ('leased', 'submitted', 'skipped', 'set_aside') OFFSET 0)
                ORDER BY t.order_key, t.id LIMIT wanted FOR UPDATE OF t SKIP LOCKED);
        END IF;
        IF cardinality(picked) < wanted THEN
            picked := picked || ARRAY(
                SELECT t.id FROM tasks t
                WHERE t.project_id = standing.id AND t.reserved_for = nobody
                    AND t.state = 'open' AND t.leased + t.answered < t.overlap
                    AND (t.order_key, t.id) > (coalesce(after_keys[row_number], '-infinity'),
                        coalesce(after_ids[row_number], nobody))
                    AND EXISTS (SELECT 1 FROM batches b WHERE b.id = t.batch_id AND b.state = 'open'
                        AND b.skill_minimum <= standing.skill)
                    AND NOT EXISTS (SELECT 1 FROM assignments a
                        WHERE a.task_id = t.id AND a.member_id = members[row_number]
                        AND a.state IN ('leased', 'submitted', 'skipped', 'set_aside') OFFSET 0)
                ORDER BY t.order_key, t.id LIMIT wanted - cardinality(picked) FOR UPDATE OF t SKIP LOCKED);
        END IF;
        UPDATE tasks SET leased = leased + 1, fence = greatest(fence + 1, fence_at) WHERE id = ANY(picked);
        taken_tasks := taken_tasks || picked;
        taken_rows := taken_rows || array_fill(row_number, ARRAY[cardinality(picked)]);
        wanted := wanted - cardinality(picked);
    END LOOP;

    -- Counted down by what was asked for: where no gold is left for a member, nobody looks again and again.
    -- At the end and in one order, so that two processes cannot wait for each other.
    FOR counting IN
        SELECT p.id, p.organisation_id, p.gold_first, members[x.row_number] AS member, x.asked
        FROM unnest(gold_rows, gold_asked) AS x (row_number, asked) JOIN projects p ON p.id = projects[x.row_number]
        ORDER BY p.id, members[x.row_number]
    LOOP
        INSERT INTO annotators AS a (project_id, member_id, organisation_id, gold_waiting)
        VALUES (counting.id, counting.member, counting.organisation_id, greatest(0, counting.gold_first - counting.asked))
        ON CONFLICT (project_id, member_id) DO UPDATE SET gold_waiting = greatest(0, a.gold_waiting - counting.asked);
    END LOOP;
    IF cardinality(taken_tasks) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH taken AS MATERIALIZED (
        SELECT assignment_ids[x.position] AS id, x.row_number, t.id AS task_id, t.project_id, t.organisation_id,
            -- Several claims of this call may have taken the task: its fence has counted them all.
            t.fence + 1 - row_number() OVER (PARTITION BY x.task_id ORDER BY x.position DESC) AS fence,
            t.stage, CASE t.state WHEN 'gold' THEN NULL ELSE t.order_key END AS order_key,
            CASE WHEN p.canary_share > 0 AND on_trial(t.id, p.canary_share) THEN p.canary_version_id
                ELSE p.ontology_version_id END AS ontology_version_id,
            p.instructions_version, now_at + make_interval(secs => p.lease_seconds) AS ends_at
        FROM unnest(taken_tasks, taken_rows) WITH ORDINALITY AS x (task_id, row_number, position)
        JOIN tasks t ON t.id = x.task_id JOIN projects p ON p.id = t.project_id
    ), leases AS (
        INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,
            ontology_version_id, instructions_version, claimed_with, claimed_at, expires_at)
        SELECT id, task_id, project_id, organisation_id, members[row_number], fence,
            ontology_version_id, instructions_version, claimed_with[row_number], now_at, ends_at
        FROM taken
        -- Another process may have given this member this task since our snapshot; the index says so.
        ON CONFLICT DO NOTHING
        RETURNING assignments.id
    ), given AS MATERIALIZED (
        SELECT taken.* FROM leases JOIN taken ON taken.id = leases.id
    ), told AS (
        INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
        SELECT organisation_id, 'task.claimed', task_id, members[row_number], now_at,
            json_build_object('assignment', id, 'fence', fence, 'expires_at', ends_at,
                'ontology_version', ontology_version_id, 'instructions_version', instructions_version)
        FROM given
    )
    SELECT claims[g.row_number], g.id, g.fence, g.ends_at, g.task_id, g.order_key, g.stage,
        g.ontology_version_id, g.instructions_version,
        i.item_id, i.unique_id, i.payload, i.suggestions, g.project_id
    FROM given g JOIN task_items i ON i.task_id = g.task_id
    ORDER BY g.row_number, g.order_key, g.task_id;
    GET DIAGNOSTICS wanted = ROW_COUNT;
    IF wanted < cardinality(taken_tasks) THEN
        UPDATE tasks t SET leased = t.leased - lost.leases
        FROM (SELECT x.task_id, count(*)::smallint AS leases
            FROM unnest(taken_tasks) WITH ORDINALITY AS x (task_id, position)
            WHERE NOT EXISTS (SELECT 1 FROM assignments a WHERE a.id = assignment_ids[x.position])
            GROUP BY x.task_id) AS lost
        WHERE t.id = lost.task_id;
    END IF;
END $$;

-- Gold tasks of one pool for a member, those served longest ago first: serving puts them at the end.
CREATE FUNCTION claim_gold(
    project uuid, member uuid, now_at timestamptz, fence_at bigint, pool uuid, wanted integer
) RETURNS uuid[]
LANGUAGE sql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    WITH chosen AS MATERIALIZED (
        SELECT t.id FROM tasks t
        WHERE t.project_id = project AND t.reserved_for = pool AND t.state = 'gold'
            AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.member_id = member
                AND a.state IN ('leased', 'submitted', 'skipped', 'set_aside') OFFSET 0)
        ORDER BY t.order_key, t.id LIMIT wanted FOR UPDATE OF t SKIP LOCKED
    ), counted AS (
        UPDATE tasks t SET leased = t.leased + 1, fence = greatest(t.fence + 1, fence_at), order_key = now_at
        FROM chosen c WHERE t.id = c.id RETURNING t.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM counted
$$;

-- Who has a project open: a row for each connection, kept fresh by the process that holds it. Nothing to keep over
-- a crash, hence not logged.
CREATE UNLOGGED TABLE presences (
    connection_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    task_id uuid,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, project_id)
);
CREATE INDEX presences_of ON presences (project_id, member_id);
