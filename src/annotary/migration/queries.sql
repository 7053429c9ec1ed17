-- name: add_change
-- A change that waits for its job; none where another of the project is under way.
INSERT INTO answer_changes (id, kind, project_id, organisation_id, ontology_version_id, request, reverts, state,
    created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING RETURNING *

-- name: change
-- One change.
SELECT * FROM answer_changes WHERE id = $1

-- name: hold_change
-- One change, locked until its state has changed.
SELECT * FROM answer_changes WHERE id = $1 FOR UPDATE

-- name: changes_page
-- The changes of a project, oldest first.
SELECT * FROM answer_changes WHERE project_id = $3 AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2

-- name: latest_change
-- The last change of a kind to the answers of a project that was not taken back.
SELECT c.* FROM answer_changes c
WHERE c.project_id = $1 AND c.kind = $2 AND c.started_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM answer_changes b WHERE b.reverts = c.id AND b.state IN ('following', 'succeeded'))
ORDER BY c.id DESC LIMIT 1

-- name: set_state
-- A change is paused, goes on, or ends.
UPDATE answer_changes SET state = $2, reason = coalesce($3, reason), job_id = coalesce($4, job_id),
    approved_by = coalesce($5, approved_by),
    ended_at = CASE WHEN $2 IN ('succeeded', 'failed', 'cancelled') THEN clock_now() END
WHERE id = $1 RETURNING *

-- name: begin_change
-- A run of the change's job begins; an earlier run can write no more.
UPDATE answer_changes SET state = 'running', run = run + 1, started_at = coalesce(started_at, clock_now())
WHERE id = $1 AND state IN ('waiting', 'running') RETURNING *

-- name: set_total
-- How many answers a change has before it.
UPDATE answer_changes SET total = $2 WHERE id = $1

-- name: move
-- How far a run has come, in the transaction of what it did; no row where it may write no more.
UPDATE answer_changes SET part = $3, after = $4, counts = $5
WHERE id = $1 AND run = $2 AND state IN ('running', 'following') RETURNING id

-- name: project
-- What a change has to know of its project.
SELECT id AS project_id, organisation_id, ontology_id, ontology_version_id, state FROM projects WHERE id = $1

-- name: versions
-- All versions of the ontology that a version belongs to.
SELECT v.id, v.number, v.modality, v.definition, v.content_hash, v.follows, v.steps
FROM ontology_versions v JOIN ontology_versions known ON known.ontology_id = v.ontology_id
WHERE known.id = $1

-- name: count_part
-- How many answers of one kind are pinned to some versions. {table} and {key} come from a fixed list.
SELECT count(*) FROM {table} WHERE project_id = $1 AND ontology_version_id = ANY($2::uuid[])

-- name: page
-- The next answers of one kind that are pinned to some versions, with their items.
SELECT r.id, r.task_id, r.answer, r.content_hash, r.ontology_version_id, i.payload
FROM (SELECT r.{key} AS id, r.task_id, r.answer, r.content_hash, r.ontology_version_id FROM {table} r
    WHERE r.project_id = $1 AND r.{key} > $2 AND r.ontology_version_id = ANY($3::uuid[]) {guard}
    ORDER BY r.{key} LIMIT $4) AS r
JOIN task_items i ON i.task_id = r.task_id ORDER BY r.id

-- name: without_lease
-- The condition on drafts `r` that no lease holds them.
AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.id = r.assignment_id AND a.state = 'leased')

-- name: write
-- Put answers in place of those that were read, and keep what they were; those that others have changed since stay.
WITH held AS (
    SELECT i.*, r.answer AS answer_before
    FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::uuid[], $6::uuid[])
        AS i (id, answer, content_hash, hash_before, version_before, version_after)
    JOIN {table} r ON r.{key} = i.id AND r.content_hash = i.hash_before AND r.ontology_version_id = i.version_before
    FOR UPDATE OF r
), written AS (
    UPDATE {table} r SET answer = coalesce(h.answer::json, r.answer), {hash}
        ontology_version_id = h.version_after
    FROM held h WHERE r.{key} = h.id
    RETURNING h.id, CASE WHEN h.answer IS NOT NULL THEN h.answer_before END AS answer, h.hash_before, h.version_before,
        h.content_hash, h.version_after AS ontology_version_id
), kept AS (
    INSERT INTO answer_versions (subject_id, change_id, answer, content_hash, ontology_version_id, written_hash)
    SELECT id, $7, answer, hash_before, version_before, content_hash FROM written
    ON CONFLICT (subject_id, change_id) DO NOTHING
)
SELECT id, content_hash, ontology_version_id FROM written ORDER BY id

-- name: restore_page
-- The next answers of one kind that a change wrote, put back as they were before it, to the byte; what was in their
-- place is kept too. Those that are not put back were written by others since, or made after the change.
WITH page AS (
    SELECT r.{key} AS id, r.task_id, v.answer, v.content_hash, v.ontology_version_id, v.written_hash,
        v.subject_id IS NOT NULL AS was_written
    FROM {table} r LEFT JOIN answer_versions v ON v.subject_id = r.{key} AND v.change_id = $4
    WHERE r.project_id = $1 AND r.{key} > $2 AND (v.subject_id IS NOT NULL OR r.ontology_version_id = $5) {guard}
    ORDER BY r.{key} LIMIT $3
), held AS (
    SELECT p.*, r.answer AS answer_before, r.content_hash AS hash_before, r.ontology_version_id AS version_before
    FROM page p JOIN {table} r ON r.{key} = p.id AND r.content_hash = p.written_hash
    WHERE p.was_written
    FOR UPDATE OF r
), back AS (
    UPDATE {table} r SET answer = coalesce(h.answer, r.answer), {hash}
        ontology_version_id = h.ontology_version_id
    FROM held h WHERE r.{key} = h.id
    RETURNING h.id, CASE WHEN h.answer IS NOT NULL THEN h.answer_before END AS answer, h.hash_before, h.version_before,
        h.content_hash, h.ontology_version_id
), kept AS (
    INSERT INTO answer_versions (subject_id, change_id, answer, content_hash, ontology_version_id, written_hash)
    SELECT id, $6, answer, hash_before, version_before, content_hash FROM back
    ON CONFLICT (subject_id, change_id) DO NOTHING
)
SELECT p.id, p.task_id, b.content_hash, b.ontology_version_id, b.answer IS NOT NULL AS changed
FROM page p LEFT JOIN back b ON b.id = p.id ORDER BY p.id

-- name: answers_of
-- Answers of one kind by id, with their items, where they are pinned to a version.
SELECT r.{key} AS id, r.task_id, r.answer, r.content_hash, r.ontology_version_id, i.payload
FROM {table} r JOIN task_items i ON i.task_id = r.task_id
WHERE r.{key} = ANY($1::uuid[]) AND r.ontology_version_id = $2 ORDER BY r.{key}

-- name: note_unchanged
-- Answers that a change leaves as they are, with the reason.
INSERT INTO unchanged_answers (change_id, subject_id, task_id, kind, reason, paths)
SELECT $1, n.subject_id, n.task_id, $5, n.reason, string_to_array(n.paths, chr(10))
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $6::text[]) AS n (subject_id, task_id, reason, paths)
ON CONFLICT (change_id, subject_id) DO NOTHING

-- name: unchanged_page
-- What a change left as it was.
SELECT subject_id AS id, task_id, kind, reason, paths, requeued FROM unchanged_answers
WHERE change_id = $3 AND ($1::uuid IS NULL OR subject_id > $1) ORDER BY subject_id LIMIT $2

-- name: unchanged_tasks
-- The tasks of ambiguous answers that were not asked of people yet.
SELECT DISTINCT task_id FROM unchanged_answers
WHERE change_id = $1 AND subject_id = ANY($2::uuid[]) AND kind = 'submission' AND NOT requeued

-- name: mark_requeued
-- These were asked of people.
UPDATE unchanged_answers SET requeued = true WHERE change_id = $1 AND task_id = ANY($2::uuid[])

-- name: leases_of
-- Whether somebody still works under one of these versions: an answer of theirs is yet to come.
SELECT EXISTS (SELECT 1 FROM assignments WHERE state = 'leased' AND project_id = $1
    AND ontology_version_id = ANY($2::uuid[]))

-- name: following
-- Changes that wait for the last answers of older versions.
SELECT id FROM answer_changes WHERE state = 'following' ORDER BY id

-- name: hash_page
-- The next answers of one kind, whatever their version, for the hash of the whole set.
SELECT {key} AS id, answer FROM {table} WHERE project_id = $1 AND {key} > $2 ORDER BY {key} LIMIT $3

-- name: versions_of_answer
-- What an answer was before each change, oldest first.
SELECT v.change_id AS id, c.kind, v.answer::text AS answer, v.content_hash, v.ontology_version_id, c.started_at
FROM answer_versions v JOIN answer_changes c ON c.id = v.change_id WHERE v.subject_id = $1 ORDER BY v.change_id

-- name: place_of_answer
-- Whose answer this is.
SELECT 'submission' AS kind, project_id, organisation_id, answer::text AS answer, content_hash, ontology_version_id
FROM submissions WHERE id = $1
UNION ALL
SELECT 'outcome', project_id, organisation_id, answer::text, content_hash, ontology_version_id FROM outcomes WHERE id = $1
