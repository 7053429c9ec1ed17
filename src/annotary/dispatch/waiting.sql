-- name: waiting
-- What waits for a member in each of some active projects of a modality: tasks that can be claimed, live leases, answers given.
-- Up to $5 tasks are looked at in each, from the end of the queue, since members answer from its beginning. Gold that
-- is mixed in is not counted: nobody is to know of it.
SELECT p.id AS project_id, coalesce(l.held, 0) AS mine_leased, coalesce(c.answers, 0) AS answered_by_me,
    CASE coalesce(a.state, p.entry)
        WHEN 'paused' THEN 0
        WHEN 'qualifying' THEN (SELECT count(*) FROM (
            SELECT t.id FROM tasks t
            WHERE t.project_id = p.id AND t.reserved_for = '00000000-0000-0000-0000-000000000002' AND t.state = 'gold'
            ORDER BY t.order_key DESC, t.id DESC LIMIT $5) AS q WHERE NOT EXISTS (SELECT 1 FROM assignments o
                WHERE o.task_id = q.id AND o.member_id = $1
                AND o.state IN ('leased', 'submitted', 'skipped', 'set_aside')))
        ELSE (SELECT count(*) FROM (
            SELECT t.id, t.batch_id FROM unnest(ARRAY[$1, '00000000-0000-0000-0000-000000000000'::uuid]) AS k (reserved_for),
            LATERAL (SELECT n.id, n.batch_id FROM tasks n
                WHERE n.project_id = p.id AND n.reserved_for = k.reserved_for AND n.state = 'open'
                    AND n.leased + n.answered < n.overlap
                ORDER BY n.order_key DESC, n.id DESC LIMIT $5) AS t) AS q
            WHERE EXISTS (SELECT 1 FROM batches b WHERE b.id = q.batch_id AND b.state = 'open'
                    AND b.skill_minimum <= coalesce(a.skill, 0))
                AND NOT EXISTS (SELECT 1 FROM assignments o WHERE o.task_id = q.id AND o.member_id = $1
                    AND o.state IN ('leased', 'submitted', 'skipped', 'set_aside') OFFSET 0))
    END AS open
FROM projects p
LEFT JOIN annotators a ON a.project_id = p.id AND a.member_id = $1
LEFT JOIN annotator_counts c ON c.project_id = p.id AND c.member_id = $1
LEFT JOIN (SELECT s.project_id, count(*) AS held FROM assignments s
    WHERE s.member_id = $1 AND s.state = 'leased' AND s.expires_at > clock_now() GROUP BY s.project_id) AS l
    ON l.project_id = p.id
WHERE p.organisation_id = $2 AND p.modality = $7 AND p.state = 'active' AND ($3 OR p.id = ANY($4::uuid[]))
ORDER BY p.id LIMIT $6
