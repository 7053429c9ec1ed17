-- name: count_answers
-- Add answers that came in to the hours that they were committed in.
INSERT INTO pace_hours AS h (project_id, hour, member_id, labels, revisions, discounted, worked_milliseconds)
SELECT project_id, date_trunc('hour', committed_at, 'UTC') AS hour, member_id, count(*) FILTER (WHERE supersedes IS NULL),
    count(*) FILTER (WHERE supersedes IS NOT NULL), 0, sum(round(seconds * 1000)::bigint)
FROM submissions WHERE id = ANY($1::uuid[])
-- In one order, as everything that locks several rows.
GROUP BY project_id, hour, member_id ORDER BY project_id, hour, member_id
ON CONFLICT (project_id, hour, member_id) DO UPDATE SET labels = h.labels + EXCLUDED.labels,
    revisions = h.revisions + EXCLUDED.revisions, worked_milliseconds = h.worked_milliseconds + EXCLUDED.worked_milliseconds

-- name: count_discounted
-- Note of answers that they count no more, in the hours that they came in.
INSERT INTO pace_hours AS h (project_id, hour, member_id, labels, revisions, discounted, worked_milliseconds)
SELECT project_id, date_trunc('hour', committed_at, 'UTC') AS hour, member_id, 0, 0, count(*), 0
FROM submissions WHERE id = ANY($1::uuid[])
GROUP BY project_id, hour, member_id ORDER BY project_id, hour, member_id
ON CONFLICT (project_id, hour, member_id) DO UPDATE SET discounted = h.discounted + EXCLUDED.discounted

-- name: people
-- Who answered in a project from one hour to another, or one of them: those with the most answers first.
SELECT h.member_id, coalesce(m.name, '') AS name, sum(labels)::bigint AS labels, sum(revisions)::bigint AS revisions,
    sum(discounted)::bigint AS discounted, sum(worked_milliseconds) / 1000.0::float AS worked_seconds,
    count(*) OVER () AS people_total
FROM pace_hours h LEFT JOIN members m ON m.id = h.member_id
WHERE h.project_id = $1 AND h.hour >= $2 AND h.hour < $3 AND ($4::uuid IS NULL OR h.member_id = $4)
GROUP BY h.member_id, m.name ORDER BY labels DESC, h.member_id LIMIT $5

-- name: moments
-- What each of some people did by hours or days, and together all others, or nobody but one.
SELECT date_trunc($5, hour, 'UTC') AS at, CASE WHEN member_id = ANY($6::uuid[]) THEN member_id END AS member,
    sum(labels)::bigint AS labels, sum(revisions)::bigint AS revisions, sum(discounted)::bigint AS discounted,
    sum(worked_milliseconds) / 1000.0::float AS worked_seconds
FROM pace_hours WHERE project_id = $1 AND hour >= $2 AND hour < $3 AND ($4::uuid IS NULL OR member_id = $4)
GROUP BY 1, 2 ORDER BY 1, 2

-- name: edges
-- The first and last hour in which anybody answered in a project.
SELECT (SELECT hour FROM pace_hours WHERE project_id = $1 ORDER BY hour LIMIT 1) AS first_at,
    (SELECT hour FROM pace_hours WHERE project_id = $1 ORDER BY hour DESC LIMIT 1) AS last_at

-- name: answers
-- The answers of a project that came in from one time to another, in their order: ids begin with the time. $4 and $5 are
-- the first ids of the times, $1 the last id of the page before.
SELECT s.id, s.task_id, s.member_id, coalesce(m.name, '') AS name, i.unique_id, s.committed_at, s.seconds,
    a.submission_id = s.id AND a.state = 'submitted' AS counts
FROM submissions s JOIN assignments a ON a.id = s.assignment_id JOIN task_items i ON i.task_id = s.task_id
LEFT JOIN members m ON m.id = s.member_id
WHERE s.id > coalesce($1::uuid, $4) AND s.id < $5 AND s.project_id = $3 AND s.committed_at >= $6 AND s.committed_at < $7
    AND ($8::uuid IS NULL OR s.member_id = $8)
ORDER BY s.id LIMIT $2
