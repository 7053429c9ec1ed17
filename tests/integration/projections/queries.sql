-- name: batches
-- Batches.
SELECT id, project_id, name, state, priority, deadline, overlap, version, tasks_total FROM batches

-- name: tasks
-- Tasks, with what is decided about them; the pools of gold are no reservations.
SELECT id, project_id, batch_id, state, overlap, leased, answered, CASE WHEN state <> 'gold' THEN
    nullif(reserved_for, '00000000-0000-0000-0000-000000000000') END AS reserved_for FROM tasks

-- name: assignments
-- Leases and what became of them.
SELECT id, task_id, member_id, fence, state, reason, submission_id, ontology_version_id, instructions_version, claimed_at
FROM assignments

-- name: submissions
-- Answers.
SELECT id, task_id, member_id, assignment_id, ontology_version_id, encode(content_hash, 'hex') AS content_hash,
    supersedes, received_at FROM submissions

-- name: outcomes
-- Outcomes.
SELECT id, task_id, version, state, encode(content_hash, 'hex') AS content_hash, ontology_version_id, aggregator,
    confidence, submission_ids, superseded_at IS NULL AS is_current FROM outcomes

-- name: reviews
-- Reviews.
SELECT id, task_id, purpose, round_id, level, levels, outcome_id, audit_id, reason, state, member_id, fence, verdict,
    amended_to, effective FROM reviews

-- name: issues
-- Issues.
SELECT id, task_id, review_id, outcome_id, state, raised_by, resolved_by FROM issues

-- name: issue_comments
-- Comments.
SELECT id, issue_id, member_id FROM issue_comments

-- name: audits
-- Audits.
SELECT id, project_id, seed, population, size, created_by FROM audits

-- name: answer_changes
-- Changes; counts are told when a change comes into a state.
SELECT id, kind, project_id, ontology_version_id, reverts, state,
    CASE WHEN state IN ('succeeded', 'failed') THEN counts END AS counts FROM answer_changes

-- name: ontologies
-- Ontologies.
SELECT id, name, modality, version FROM ontologies

-- name: ontology_versions
-- Their versions.
SELECT id, ontology_id, number, modality, encode(content_hash, 'hex') AS content_hash, follows FROM ontology_versions

-- name: projects
-- Which versions projects work with.
SELECT id, name, modality, state, ontology_id, ontology_version_id, canary_version_id, canary_share,
    instructions_version, version FROM projects

-- name: publications
-- Publications, with what each project had before.
SELECT id, ontology_id, version_id, previous_id, state, share, reason, projects_before FROM publications
