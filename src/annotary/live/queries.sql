-- name: log_start
-- The place so many facts before the end of the log; no row when there are fewer.
SELECT transaction_id::text::bigint AS transaction_id, sequence FROM events
WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY events.transaction_id DESC, sequence DESC OFFSET $1 LIMIT 1

-- name: projects
-- Projects as whoever works on them sees them.
SELECT id, organisation_id, name, state, version, ontology_version_id, instructions_version FROM projects
WHERE id = ANY($1::uuid[])

-- name: assignments
-- Leases and how they ended; one that is over by the clock counts as expired. The reason of a pause is not told: it may
-- say more of the skill than an annotator is to know on that day.
SELECT a.id, a.task_id, a.project_id, a.organisation_id, a.member_id, a.fence, a.expires_at,
    CASE WHEN a.state = 'leased' AND a.expires_at <= clock_now() THEN 'expired' ELSE a.state END AS state,
    CASE WHEN p.state = 'paused' THEN NULL ELSE a.reason END AS reason
FROM assignments a LEFT JOIN annotators p ON p.project_id = a.project_id AND p.member_id = a.member_id
WHERE a.id = ANY($1::uuid[])

-- name: standings
-- The projects that members are on, in a modality: with how they stand there as annotators.
SELECT p.member_id, p.project_id, p.role, coalesce(a.state, whole.entry, 'active') AS state
FROM project_members p
JOIN projects whole ON whole.id = p.project_id AND whole.state <> 'deleted'
LEFT JOIN annotators a ON a.project_id = p.project_id AND a.member_id = p.member_id
WHERE p.member_id = ANY($1::uuid[]) ORDER BY p.member_id, p.project_id

-- name: memberships
-- The projects that members are on, on the platform.
SELECT p.member_id, p.project_id, p.role, 'active' AS state FROM project_members p
JOIN projects whole ON whole.id = p.project_id AND whole.state <> 'deleted'
WHERE p.member_id = ANY($1::uuid[]) ORDER BY p.member_id, p.project_id

-- name: members
-- The organisations of members.
SELECT id, organisation_id FROM members WHERE id = ANY($1::uuid[])

-- name: places_of_tasks
-- The projects of tasks, and the member each is kept for (pools of gold, which are small numbers, are nobody).
SELECT id, project_id, CASE WHEN reserved_for > '00000000-0000-0000-0000-000000000003' THEN reserved_for END AS kept_for
FROM tasks WHERE id = ANY($1::uuid[])

-- name: places_of_batches
-- The projects of batches, which are kept for nobody.
SELECT id, project_id FROM batches WHERE id = ANY($1::uuid[])

-- name: concerned_by_issues
-- Whom an issue concerns: who raised it, and who was given its task.
SELECT i.id, i.task_id, i.project_id, i.raised_by AS member_id FROM issues i WHERE i.id = ANY($1::uuid[])
UNION
SELECT i.id, i.task_id, i.project_id, a.member_id FROM issues i JOIN assignments a ON a.task_id = i.task_id
WHERE i.id = ANY($1::uuid[]) AND a.state IN ('leased', 'submitted')

-- name: put_presences
-- That connections have a project open now, with the task they are at; `since` is when they came.
INSERT INTO presences (connection_id, project_id, member_id, task_id, seen_at)
SELECT n.connection_id, n.project_id, n.member_id, a.task_id, clock_timestamp()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS n (connection_id, project_id, member_id, assignment_id)
LEFT JOIN assignments a ON a.id = n.assignment_id AND a.member_id = n.member_id AND a.project_id = n.project_id
ON CONFLICT (connection_id, project_id) DO UPDATE SET task_id = EXCLUDED.task_id, seen_at = EXCLUDED.seen_at

-- name: remove_presences
-- These connections are gone, or have something else open.
DELETE FROM presences USING unnest($1::uuid[], $2::uuid[]) AS gone (connection_id, project_id)
WHERE presences.connection_id = gone.connection_id AND presences.project_id = gone.project_id

-- name: see_presences
-- These connections are still there.
UPDATE presences SET seen_at = clock_timestamp() WHERE connection_id = ANY($1::uuid[])

-- name: forget_presences
-- What a process that was killed left behind.
DELETE FROM presences WHERE seen_at < clock_timestamp() - make_interval(secs => $1)

-- name: presences
-- Who is on projects: each member once, so many of each project, with the task of the tab that moved last.
SELECT p.id AS project_id, p.organisation_id, here.member_id, m.name, here.task_id, here.since, here.count
FROM projects p LEFT JOIN LATERAL (
    SELECT x.member_id, min(x.since) AS since, count(*) OVER () AS count,
        (array_agg(x.task_id ORDER BY x.seen_at DESC) FILTER (WHERE x.task_id IS NOT NULL))[1] AS task_id
    FROM presences x WHERE x.project_id = p.id AND x.seen_at > clock_timestamp() - make_interval(secs => $2)
    GROUP BY x.member_id ORDER BY min(x.since), x.member_id LIMIT $3
) AS here ON true
LEFT JOIN members m ON m.id = here.member_id
WHERE p.id = ANY($1::uuid[]) ORDER BY p.id, here.since, here.member_id
