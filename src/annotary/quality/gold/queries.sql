-- name: tasks_named
-- The tasks of a project that are named by id or by business key, with what checking an answer needs.
SELECT n.position, i.task_id, i.payload FROM unnest($2::integer[], $3::uuid[]) AS n (position, task_id)
JOIN task_items i ON i.task_id = n.task_id AND i.project_id = $1
UNION ALL
SELECT n.position, i.task_id, i.payload FROM unnest($4::integer[], $5::text[]) AS n (position, unique_id)
JOIN task_items i ON i.project_id = $1 AND i.unique_id = n.unique_id

-- name: outcomes_named
-- The accepted outcomes of tasks of a project.
SELECT o.task_id, o.answer, i.payload FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
WHERE o.project_id = $1 AND o.task_id = ANY($2::uuid[]) AND o.superseded_at IS NULL AND o.state = 'accepted'

-- name: definition
-- The ontology version that known answers are checked against.
SELECT id, modality, definition, content_hash FROM ontology_versions WHERE id = $1

-- name: project
-- A project with the ontology version it uses now.
SELECT organisation_id, ontology_version_id FROM projects WHERE id = $1

-- name: carriers
-- Tasks that are to carry known answers, locked in one order, with the gold they carry already.
SELECT t.id, t.stage, t.state, t.answered, g.state AS gold_state, g.content_hash, g.qualification
FROM tasks t LEFT JOIN gold_tasks g ON g.task_id = t.id
WHERE t.id = ANY($1::uuid[]) AND t.project_id = $2 ORDER BY t.id FOR UPDATE OF t

-- name: add_seed
-- What the draws of a project are keyed with.
INSERT INTO gold_seeds (project_id) VALUES ($1) ON CONFLICT DO NOTHING

-- name: make_gold
-- Tasks become gold tasks; what they were is kept. Any number of people may answer them from now on.
WITH new AS (
    SELECT * FROM unnest($1::uuid[], $2::json[], $3::bytea[], $4::boolean[])
        AS n (task_id, answer, content_hash, qualification)
), kept AS (
    INSERT INTO gold_tasks (task_id, project_id, organisation_id, qualification, source, answer, content_hash,
        ontology_version_id, state_before, overlap_before, assignments_before, exposed_before, changed_by, created_at,
        changed_at)
    SELECT t.id, t.project_id, t.organisation_id, n.qualification, $6, n.answer, n.content_hash, $5, t.state, t.overlap,
        ARRAY(SELECT a.id FROM assignments a WHERE a.task_id = t.id AND a.state = 'submitted'), t.answered, $7,
        clock_now(), clock_now()
    FROM new n JOIN tasks t ON t.id = n.task_id
    ON CONFLICT (task_id) DO UPDATE
    SET state = 'active', qualification = excluded.qualification, source = excluded.source, answer = excluded.answer,
        content_hash = excluded.content_hash, ontology_version_id = excluded.ontology_version_id, reason = NULL,
        state_before = excluded.state_before, overlap_before = excluded.overlap_before,
        assignments_before = excluded.assignments_before, exposed_before = excluded.exposed_before,
        changed_by = excluded.changed_by, created_at = excluded.created_at, changed_at = excluded.changed_at
    RETURNING task_id
)
-- In no order of theirs within the last second: the order of ids is that of the import.
UPDATE tasks t SET state = 'gold', overlap = $8, order_key = clock_now() - make_interval(secs => random()),
    reserved_for = CASE WHEN n.qualification THEN $10::uuid ELSE $9::uuid END
FROM new n JOIN kept k ON k.task_id = n.task_id WHERE t.id = n.task_id

-- name: correct_gold
-- Gold tasks get another known answer; those that were at rest stay so.
WITH corrected AS (
    UPDATE gold_tasks g SET answer = n.answer, content_hash = n.content_hash, qualification = n.qualification,
        ontology_version_id = $5, source = $6, changed_by = $7, changed_at = clock_now(),
        state = CASE g.state WHEN 'suspect' THEN 'active' ELSE g.state END,
        reason = CASE g.state WHEN 'suspect' THEN NULL ELSE g.reason END
    FROM unnest($1::uuid[], $2::json[], $3::bytea[], $4::boolean[])
        AS n (task_id, answer, content_hash, qualification)
    WHERE g.task_id = n.task_id RETURNING g.task_id, g.state, g.qualification
)
UPDATE tasks t SET reserved_for = CASE WHEN c.qualification THEN $9::uuid ELSE $8::uuid END
FROM corrected c WHERE t.id = c.task_id AND c.state = 'active'

-- name: mark_source
-- Answers to tasks that became (or are no longer) part of the qualification count as such from now on.
UPDATE judged_answers j SET source = CASE WHEN g.qualification THEN 'qualification' ELSE 'gold' END
FROM gold_tasks g WHERE g.task_id = j.task_id AND j.task_id = ANY($1::uuid[]) AND j.source IN ('gold', 'qualification')

-- name: hold_gold
-- Gold tasks with their tasks, locked in one order.
SELECT g.task_id, g.project_id, g.organisation_id, g.state, g.state_before, g.overlap_before,
    t.answered
FROM gold_tasks g JOIN tasks t ON t.id = g.task_id WHERE g.task_id = ANY($1::uuid[]) ORDER BY g.task_id FOR UPDATE

-- name: rest_gold
-- Gold tasks are given to nobody any more; who has one may finish.
WITH rested AS (
    UPDATE gold_tasks SET state = $2, reason = $3, changed_by = $4, changed_at = clock_now()
    WHERE task_id = ANY($1::uuid[]) RETURNING task_id
)
UPDATE tasks t SET reserved_for = $5 FROM rested r WHERE t.id = r.task_id AND t.state = 'gold'

-- name: reinstate_gold
-- Gold tasks are given out again; their exposures begin anew.
WITH put AS (
    UPDATE gold_tasks g SET state = 'active', reason = NULL, changed_by = $2, changed_at = clock_now(),
        exposed_before = t.answered + t.leased
    FROM tasks t WHERE t.id = g.task_id AND g.task_id = ANY($1::uuid[]) RETURNING g.task_id, g.qualification
)
UPDATE tasks t SET order_key = clock_now(), reserved_for = CASE WHEN p.qualification THEN $4::uuid ELSE $3::uuid END
FROM put p WHERE t.id = p.task_id

-- name: return_gold
-- Gold tasks are again what they were: what was answered as gold is set aside, what counted before counts.
WITH returned AS (
    UPDATE gold_tasks SET state = 'returned', reason = $2, changed_by = $3, changed_at = clock_now()
    WHERE task_id = ANY($1::uuid[])
    RETURNING task_id, organisation_id, state_before, overlap_before, assignments_before
), apart AS (
    UPDATE assignments a SET state = 'set_aside', reason = 'answered as gold' FROM returned r
    WHERE a.task_id = r.task_id AND a.state = 'submitted' AND NOT a.id = ANY(r.assignments_before)
    RETURNING a.id, a.task_id, a.organisation_id, a.member_id, a.submission_id, a.reason
), opened AS (
    UPDATE tasks t SET state = r.state_before, overlap = r.overlap_before, leased = 0,
        answered = cardinality(r.assignments_before), reserved_for = '00000000-0000-0000-0000-000000000000',
        order_key = coalesce((SELECT place_in_batch(b.order_key, b.shuffle_seed, t.id) FROM batches b
            WHERE b.id = t.batch_id), t.order_key)
    FROM returned r WHERE t.id = r.task_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'task.done', task_id, $3, clock_now(),
        json_build_object('answers', cardinality(assignments_before)) FROM returned WHERE state_before = 'done'
    UNION ALL
    SELECT organisation_id, 'submission.discounted', task_id, $3, clock_now(), json_build_object('submission',
        submission_id, 'assignment', id, 'member', member_id, 'state', 'set_aside', 'reason', reason) FROM apart
)
SELECT task_id FROM returned

-- name: gold_page
-- A project's gold tasks in the order of their ids, with exposures and scores: all, or those in a state.
SELECT g.*, g.task_id AS id, i.unique_id, t.answered + t.leased - g.exposed_before AS exposures,
    judged.answers, judged.score
FROM gold_tasks g JOIN tasks t ON t.id = g.task_id JOIN task_items i ON i.task_id = g.task_id
CROSS JOIN LATERAL (SELECT count(*) AS answers, avg(j.score) AS score FROM judged_answers j
    WHERE j.task_id = g.task_id AND j.source IN ('gold', 'qualification') AND j.state = 'judged') AS judged
WHERE g.project_id = $3 AND ($1::uuid IS NULL OR g.task_id > $1) AND ($4::text IS NULL OR g.state = $4)
    AND ($5::boolean IS NULL OR g.qualification = $5)
ORDER BY g.task_id LIMIT $2

-- name: to_rotate
-- The most exposed gold tasks that are mixed in, and as many of those that have rested longest.
WITH tired AS (
    SELECT g.task_id, row_number() OVER (ORDER BY t.answered + t.leased - g.exposed_before DESC, g.task_id) AS place
    FROM gold_tasks g JOIN tasks t ON t.id = g.task_id
    WHERE g.project_id = $1 AND g.state = 'active' AND NOT g.qualification
), rested AS (
    SELECT g.task_id, row_number() OVER (ORDER BY g.changed_at, g.task_id) AS place
    FROM gold_tasks g JOIN tasks t ON t.id = g.task_id
    WHERE g.project_id = $1 AND g.state = 'retired' AND NOT g.qualification AND t.answered < $3
)
SELECT tired.task_id AS tired, rested.task_id AS rested FROM tired JOIN rested USING (place) WHERE place <= $2

-- name: answers_of
-- What the submissions in the log are: whose, in which project, at which rate gold is due, and whether to a gold task.
SELECT s.id, s.task_id, s.project_id, s.organisation_id, s.member_id, s.committed_at, g.qualification,
    g.task_id IS NOT NULL AS is_gold, g.state = 'suspect' AS is_doubted, d.seed, coalesce((p.quality -> 'gold' ->> 'rate')::real, 0) AS rate
FROM unnest($1::uuid[]) AS x (id) JOIN submissions s ON s.id = x.id JOIN projects p ON p.id = s.project_id
LEFT JOIN gold_seeds d ON d.project_id = s.project_id
LEFT JOIN gold_tasks g ON g.task_id = s.task_id AND g.state <> 'returned'
    AND NOT s.assignment_id = ANY(g.assignments_before)

-- name: mixed_in
-- Which of these tasks are gold that is mixed in.
SELECT task_id, project_id FROM gold_tasks
WHERE task_id = ANY($1::uuid[]) AND state IN ('active', 'retired') AND NOT qualification

-- name: worn_gold
-- Gold tasks that were given out often enough, or whose item was deleted.
SELECT g.task_id, i.payload::text = 'null' AS is_erased, t.answered + t.leased - g.exposed_before AS exposures
FROM gold_tasks g JOIN tasks t ON t.id = g.task_id JOIN task_items i ON i.task_id = g.task_id
JOIN projects p ON p.id = g.project_id
WHERE g.state = 'active' AND (i.payload::text = 'null' OR t.answered >= $1
    OR t.answered + t.leased - g.exposed_before >= coalesce((p.quality -> 'gold' ->> 'exposures_max')::integer, $2))

-- name: good_scores
-- How those who are good did on gold tasks.
SELECT j.task_id, array_agg(j.score::double precision ORDER BY j.submission_id) AS scores FROM judged_answers j
JOIN gold_tasks g ON g.task_id = j.task_id AND g.state IN ('active', 'retired')
JOIN annotators a ON a.project_id = j.project_id AND a.member_id = j.member_id
WHERE j.task_id = ANY($1::uuid[]) AND j.source IN ('gold', 'qualification') AND j.state = 'judged' AND a.skill >= $2
GROUP BY j.task_id HAVING count(*) >= $3

-- name: paused_since
-- Who is paused by their skill and was judged on this gold task.
SELECT DISTINCT p.member_id FROM judged_answers j
JOIN pauses p ON p.project_id = j.project_id AND p.member_id = j.member_id AND p.resumed_at IS NULL AND p.paused_by IS NULL
WHERE j.task_id = $1 AND j.state = 'judged' ORDER BY p.member_id

-- name: feedback
-- An assignment of a member in a training project, with the known answer of its task, and how the answer was judged.
SELECT a.id, a.task_id, g.answer AS known, s.answer, j.score, j.labels
FROM assignments a JOIN projects p ON p.id = a.project_id
JOIN gold_tasks g ON g.task_id = a.task_id AND g.state IN ('active', 'retired') AND NOT a.id = ANY(g.assignments_before)
LEFT JOIN judged_answers j ON j.task_id = a.task_id AND j.member_id = a.member_id AND j.state = 'judged'
JOIN submissions s ON s.id = coalesce(j.submission_id, a.submission_id)
WHERE a.id = $1 AND a.member_id = $2 AND a.state = 'submitted' AND (p.quality ->> 'training')::boolean
