-- name: ask_judgements
-- Answers to gold tasks are to be judged; each once, whatever is delivered again.
INSERT INTO judged_answers (submission_id, task_id, project_id, organisation_id, member_id, source, state,
    answered_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
    $8::timestamptz[])
ON CONFLICT (submission_id) DO NOTHING

-- name: current_outcomes
-- The accepted outcomes of tasks, and whether people looked at them.
SELECT o.id, o.submission_ids, o.aggregator = 'review' OR o.accepted_by IS NOT NULL AS is_reviewed FROM tasks t JOIN outcomes o
    ON o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL AND o.state = 'accepted'
WHERE t.id = ANY($1::uuid[]) AND t.state <> 'gold'

-- name: ask_agreements
-- Answers are to be held against the outcome they counted for. One that was held against another is judged anew.
INSERT INTO judged_answers AS j (submission_id, task_id, project_id, organisation_id, member_id, source, outcome_id,
    answered_at)
SELECT s.id, s.task_id, s.project_id, s.organisation_id, s.member_id, x.source, x.outcome_id, s.committed_at
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS x (submission_id, outcome_id, source)
JOIN submissions s ON s.id = x.submission_id ORDER BY s.id
ON CONFLICT (submission_id) DO UPDATE
SET source = excluded.source, outcome_id = excluded.outcome_id, state = 'waiting', asked_in = pg_current_xact_id(), attempts = 0,
    score = NULL, labels = NULL, reason = NULL
WHERE j.source IN ('review', 'consensus')
    AND (j.outcome_id <> excluded.outcome_id OR j.state = 'void' OR j.source <> excluded.source)

-- name: void_agreements
-- Answers to these tasks that were held against another outcome than the tasks' current ones say nothing any more.
UPDATE judged_answers SET state = 'void', asked_in = pg_current_xact_id()
WHERE task_id = ANY($1::uuid[]) AND source IN ('review', 'consensus') AND state <> 'void'
    AND NOT outcome_id = ANY($2::uuid[])
RETURNING project_id, member_id, organisation_id

-- name: void_gold
-- Answers to a gold task that is doubted count for nobody and against nobody.
UPDATE judged_answers SET state = 'void', asked_in = pg_current_xact_id()
WHERE task_id = ANY($1::uuid[]) AND source IN ('gold', 'qualification') AND state <> 'void'
RETURNING project_id, member_id, organisation_id

-- name: judge_gold_again
-- Answers to gold tasks whose known answer was corrected, or is trusted again, are judged anew.
UPDATE judged_answers SET state = 'waiting', asked_in = pg_current_xact_id(), attempts = 0, score = NULL, labels = NULL,
    reason = NULL
WHERE task_id = ANY($1::uuid[]) AND source IN ('gold', 'qualification')

-- name: waiting_judgements
-- What is to be judged next, those that failed before last, up to a size in bytes.
WITH due AS (
    SELECT j.submission_id, j.attempts, j.asked_in::text::bigint AS asked_in, j.task_id, j.project_id, j.source,
        j.outcome_id, pg_column_size(s.answer) AS size_bytes
    FROM judged_answers j JOIN submissions s ON s.id = j.submission_id
    WHERE j.state = 'waiting' ORDER BY j.attempts, j.submission_id LIMIT $1
), chosen AS (
    SELECT *, sum(size_bytes) OVER (ORDER BY attempts, submission_id) - size_bytes AS before_bytes FROM due
)
SELECT c.submission_id, c.attempts, c.asked_in, c.source, c.task_id,
    s.answer AS given, s.content_hash AS given_hash, s.ontology_version_id AS given_version,
    coalesce(g.answer, o.answer) AS known, coalesce(g.content_hash, o.content_hash) AS known_hash,
    coalesce(g.ontology_version_id, o.ontology_version_id) AS known_version, i.payload
FROM chosen c JOIN submissions s ON s.id = c.submission_id JOIN task_items i ON i.task_id = c.task_id
LEFT JOIN gold_tasks g ON c.outcome_id IS NULL AND g.task_id = c.task_id
LEFT JOIN outcomes o ON o.id = c.outcome_id
WHERE c.before_bytes < $2

-- name: finish_judgements
-- What judgements came to, where nobody has asked again meanwhile.
UPDATE judged_answers j SET state = x.state, score = x.score, labels = x.labels, reason = x.reason,
    attempts = j.attempts + CASE x.state WHEN 'waiting' THEN 1 ELSE 0 END
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::real[], $5::json[], $6::text[])
    AS x (submission_id, asked_in, state, score, labels, reason)
WHERE j.submission_id = x.submission_id AND j.asked_in = x.asked_in::text::xid8 AND j.state = 'waiting'
RETURNING j.project_id, j.member_id, j.organisation_id, j.task_id, j.source, j.state
