-- name: answers_since
-- Answers of projects since a moment (as the least id of then), by the version they were given under.
SELECT a.ontology_version_id AS version_id, count(*) AS answers
FROM submissions s JOIN assignments a ON a.id = s.assignment_id
WHERE s.id > $2 AND s.project_id = ANY($1::uuid[]) GROUP BY 1

-- name: refusals_since
-- Answers refused as invalid since a moment, by version.
SELECT ontology_version_id AS version_id, sum(refusals)::bigint AS refusals FROM refused_answers
WHERE project_id = ANY($1::uuid[]) AND minute >= date_trunc('minute', $2::timestamptz) GROUP BY 1

-- name: disagreement_since
-- How far answers to one task differ, of outcomes since a moment, by the version of the outcome's first answer.
SELECT a.ontology_version_id AS version_id, count(*) AS compared, avg(1 - o.agreement)::real AS disagreement
FROM outcomes o JOIN submissions s ON s.id = o.submission_ids[1] JOIN assignments a ON a.id = s.assignment_id
WHERE o.id > $2 AND o.project_id = ANY($1::uuid[]) AND o.agreement IS NOT NULL AND o.superseded_at IS NULL GROUP BY 1
