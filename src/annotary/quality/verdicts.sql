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
