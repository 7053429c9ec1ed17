-- name: accept_proposed
-- Proposed outcomes that are still current are accepted.
UPDATE outcomes SET state = 'accepted', accepted_by = $2
WHERE id = ANY($1::uuid[]) AND state = 'proposed' AND superseded_at IS NULL
RETURNING *

-- name: give_way
-- A current outcome gives way to its next version.
UPDATE outcomes o SET superseded_at = clock_now() WHERE o.id = $1 AND o.superseded_at IS NULL
RETURNING o.task_id, o.state

-- name: add_amendment
-- The next version of an outcome as a reviewer wants it; it rests on the same submissions.
INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, state, answer, content_hash,
    ontology_version_id, aggregator, aggregator_version, accepted_by, confidence, agreement, submission_ids, created_at)
SELECT $2, o.task_id, o.project_id, o.organisation_id,
    (SELECT max(v.version) FROM outcomes v WHERE v.task_id = o.task_id) + 1, $5, $3, $4,
    o.ontology_version_id, 'review', $6, $7, 1, o.agreement, o.submission_ids, clock_now()
FROM outcomes o WHERE o.id = $1
RETURNING *

-- name: withdraw_current
-- Outcomes that are still current no longer hold.
UPDATE outcomes SET state = 'withdrawn', superseded_at = clock_now()
WHERE id = ANY($1::uuid[]) AND superseded_at IS NULL
RETURNING id, task_id, organisation_id, version

-- name: revert_terms
-- An outcome that is to be gone back to, beside the current one of its task.
SELECT o.id, o.task_id, o.project_id, o.organisation_id, i.unique_id, c.id AS current_id, c.state AS current_state,
    c.reverts AS current_reverts
FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
LEFT JOIN outcomes c ON c.project_id = o.project_id AND c.task_id = o.task_id AND c.superseded_at IS NULL
WHERE o.id = $1

-- name: add_reverted
-- The next version of an outcome, to the byte as the earlier one $1; it rests on the submissions of the current one $3,
-- which are those that count.
INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, state, answer, content_hash,
    ontology_version_id, aggregator, aggregator_version, accepted_by, confidence, agreement, submission_ids, reverts,
    created_at)
SELECT $2, o.task_id, o.project_id, o.organisation_id,
    (SELECT max(v.version) FROM outcomes v WHERE v.task_id = o.task_id) + 1, 'accepted', o.answer, o.content_hash,
    o.ontology_version_id, 'review', $4, $5, 1, o.agreement, c.submission_ids, o.id, clock_now()
FROM outcomes o, outcomes c WHERE o.id = $1 AND c.id = $3
RETURNING *

-- name: outcome
-- One version of an outcome.
SELECT o.*, i.unique_id FROM outcomes o JOIN task_items i ON i.task_id = o.task_id WHERE o.id = $1
