-- name: submissions_page
-- The next counted answers that a correction chooses, with their items. $9: bytes that they must hold.
SELECT r.id, r.task_id, r.answer, r.content_hash, r.ontology_version_id, i.payload
FROM submissions r JOIN assignments a ON a.id = r.assignment_id AND a.submission_id = r.id AND a.state = 'submitted'
JOIN task_items i ON i.task_id = r.task_id
WHERE r.project_id = $1 AND r.id > $2
    AND ($3::uuid[] IS NULL OR r.member_id = ANY($3))
    AND ($4::timestamptz IS NULL OR r.received_at >= $4) AND ($5::timestamptz IS NULL OR r.received_at < $5)
    AND ($6::uuid[] IS NULL OR EXISTS (SELECT 1 FROM tasks t WHERE t.id = r.task_id AND t.batch_id = ANY($6)))
    AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM predictions p WHERE p.id = ANY(r.suggested_by) AND p.model = $7
        AND ($8::text IS NULL OR p.model_version = $8)))
    AND ($9::text IS NULL OR strpos(r.answer::text, $9) > 0)
ORDER BY r.id LIMIT $10

-- name: outcomes_page
-- The next current outcomes that a correction chooses: of one answer, or as a reviewer amended them. Those of several
-- answers are found anew from these.
SELECT r.id, r.task_id, r.answer, r.content_hash, r.ontology_version_id, i.payload
FROM outcomes r JOIN task_items i ON i.task_id = r.task_id
WHERE r.project_id = $1 AND r.id > $2 AND r.superseded_at IS NULL
    AND (cardinality(r.submission_ids) <= 1 OR r.aggregator = 'review')
    AND ($3::uuid[] IS NULL OR NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = ANY(r.submission_ids)
        AND s.member_id <> ALL($3)))
    AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = ANY(r.submission_ids)
        AND (s.received_at < $4 OR s.received_at >= $5))
    AND ($6::uuid[] IS NULL OR EXISTS (SELECT 1 FROM tasks t WHERE t.id = r.task_id AND t.batch_id = ANY($6)))
    AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM submissions s JOIN predictions p ON p.id = ANY(s.suggested_by)
        WHERE s.id = ANY(r.submission_ids) AND p.model = $7 AND ($8::text IS NULL OR p.model_version = $8)))
    AND ($9::text IS NULL OR strpos(r.answer::text, $9) > 0)
ORDER BY r.id LIMIT $10

-- name: answers_by_id
-- Answers of a project by id, with their items.
SELECT r.id, r.task_id, r.answer, r.content_hash, r.ontology_version_id, i.payload
FROM {table} r JOIN task_items i ON i.task_id = r.task_id
WHERE r.project_id = $1 AND r.id > $2 AND r.id = ANY($3::uuid[]) ORDER BY r.id LIMIT $4

-- name: ask_merges
-- The outcomes of finished tasks that rest on several answers are to be found anew, since an answer is another now.
INSERT INTO merges (task_id, project_id, organisation_id)
SELECT t.id, t.project_id, t.organisation_id FROM tasks t
JOIN outcomes o ON o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL
WHERE t.id = ANY($1::uuid[]) AND t.state = 'done' AND cardinality(o.submission_ids) > 1 AND o.aggregator <> 'review'
ON CONFLICT (task_id) DO UPDATE
SET state = 'waiting', asked_in = pg_current_xact_id(), attempts = 0, reason = NULL
