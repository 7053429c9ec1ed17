-- name: standings
-- Where tasks' reviews stand beside their current outcomes: one snapshot. `pinned` is how many levels a round began with.
SELECT t.id AS task_id, o.id AS outcome_id, o.state AS outcome_state, p.quality, round.id AS round_id,
    coalesce(done.level, 0) AS levels_decided, done.levels AS pinned,
    coalesce(live.ids, '{}') AS live_ids, coalesce(live.purposes, '{}') AS live_purposes,
    coalesce(live.outcomes, '{}') AS live_outcomes
FROM tasks t JOIN projects p ON p.id = t.project_id
LEFT JOIN outcomes o ON o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT a.round_id FROM reviews a WHERE a.amended_to = o.id LIMIT 1), o.id) AS id) AS round
CROSS JOIN LATERAL (
    SELECT max(d.level) AS level, max(d.levels) AS levels FROM reviews d
    WHERE d.round_id = round.id AND d.purpose = 'stage' AND d.state = 'decided') AS done
CROSS JOIN LATERAL (
    SELECT array_agg(l.id ORDER BY l.id) AS ids, array_agg(l.purpose ORDER BY l.id) AS purposes,
        array_agg(l.outcome_id ORDER BY l.id) AS outcomes
    FROM reviews l WHERE l.task_id = t.id AND l.state IN ('open', 'leased') AND l.purpose <> 'audit') AS live
WHERE t.id = ANY($1::uuid[])

-- name: open_reviews
-- Looks at outcomes, each in the place its task has in the queue; one that is there already stays as it is.
INSERT INTO reviews (id, task_id, project_id, organisation_id, purpose, round_id, level, levels, outcome_id,
    outcome_version, reason, order_key, created_at)
SELECT n.id, o.task_id, o.project_id, o.organisation_id, n.purpose,
    coalesce((SELECT a.round_id FROM reviews a WHERE a.amended_to = o.id LIMIT 1), o.id), n.level, n.levels, o.id,
    o.version, n.reason, t.order_key, clock_now()
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::smallint[], $6::text[])
    AS n (id, outcome_id, purpose, level, levels, reason)
JOIN outcomes o ON o.id = n.outcome_id JOIN tasks t ON t.id = o.task_id
ON CONFLICT DO NOTHING
RETURNING id, task_id, organisation_id, purpose, round_id, level, levels, outcome_id, audit_id, reason

-- name: withdraw_reviews
-- Looks at what has given way; who holds one is told at the next step.
UPDATE reviews SET state = 'withdrawn', member_id = NULL, claimed_at = NULL, expires_at = NULL, ended_at = clock_now()
WHERE id = ANY($1::uuid[]) AND state IN ('open', 'leased')
RETURNING id, task_id, organisation_id

-- name: hold_member
-- A member who claims, locked until what they are given is theirs.
SELECT id FROM members WHERE id = $1 FOR UPDATE

-- name: claim_reviews
-- Lease the oldest reviews this member may give: of nothing they have answered, and one look a round.
WITH moment AS MATERIALIZED (
    SELECT clock_now() AS at
), room AS MATERIALIZED (
    SELECT greatest(0, least($3::bigint, $4::bigint - count(*))) AS wanted
    FROM reviews WHERE member_id = $1 AND state = 'leased'
), near AS MATERIALIZED (
    SELECT found.* FROM unnest($2::uuid[]) AS p (id) CROSS JOIN LATERAL (
        SELECT r.id, r.round_id, r.order_key FROM reviews r
        WHERE r.project_id = p.id AND r.state = 'open'
            AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.task_id = r.task_id AND s.member_id = $1 OFFSET 0)
            AND NOT EXISTS (SELECT 1 FROM reviews o WHERE o.round_id = r.round_id AND o.member_id = $1
                AND o.state IN ('leased', 'decided') OFFSET 0)
            AND EXISTS (SELECT 1 FROM task_items i WHERE i.task_id = r.task_id AND json_typeof(i.payload) <> 'null' OFFSET 0)
        ORDER BY r.order_key, r.id LIMIT (SELECT wanted FROM room) FOR UPDATE OF r SKIP LOCKED) AS found
), chosen AS (
    SELECT one_each.id FROM (
        SELECT DISTINCT ON (round_id) id, order_key FROM near ORDER BY round_id, order_key, id) AS one_each
    ORDER BY order_key, id LIMIT (SELECT wanted FROM room)
), leased AS (
    UPDATE reviews r SET state = 'leased', member_id = $1, fence = r.fence + 1, claimed_at = m.at,
        expires_at = m.at + make_interval(secs => p.lease_seconds)
    FROM chosen c, moment m, projects p WHERE r.id = c.id AND p.id = r.project_id
    RETURNING r.*
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
    SELECT organisation_id, 'review.claimed', task_id, $1, m.at,
        json_build_object('review', id, 'fence', fence, 'expires_at', expires_at)
    FROM leased, moment m
)
SELECT l.id, l.fence, l.expires_at, l.level, l.purpose, l.order_key, l.task_id, l.project_id, l.organisation_id,
    l.outcome_id, l.outcome_version, o.answer, o.ontology_version_id, i.item_id, i.unique_id, i.payload
FROM leased l JOIN outcomes o ON o.id = l.outcome_id JOIN task_items i ON i.task_id = l.task_id
ORDER BY l.order_key, l.id

-- name: projects_with_reviews
-- Active projects of an organisation with something to review: all of them, or those among $2.
SELECT p.id FROM projects p
WHERE p.organisation_id = $1 AND p.state = 'active' AND ($2::uuid[] IS NULL OR p.id = ANY($2))
    AND EXISTS (SELECT 1 FROM reviews r WHERE r.project_id = p.id AND r.state = 'open')
ORDER BY p.id LIMIT $3

-- name: renew_review
-- Put the end of a lease off.
UPDATE reviews r SET expires_at = clock_now() + make_interval(secs => p.lease_seconds)
FROM projects p WHERE r.id = $1 AND p.id = r.project_id RETURNING r.expires_at

-- name: release_review
-- Give a review back.
WITH freed AS (
    UPDATE reviews SET state = 'open', member_id = NULL, claimed_at = NULL, expires_at = NULL
    WHERE id = $1 RETURNING id, task_id, organisation_id
)
INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
SELECT organisation_id, 'review.released', task_id, $2, clock_now(), json_build_object('review', id) FROM freed

-- name: expire_reviews
-- Leases that are over by the database's clock: their reviews are open again.
WITH over AS (
    SELECT id FROM reviews WHERE state = 'leased' AND expires_at <= clock_now()
    ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
), freed AS (
    UPDATE reviews r SET state = 'open', member_id = NULL, claimed_at = NULL, expires_at = NULL
    FROM over WHERE r.id = over.id RETURNING r.id, r.task_id, r.organisation_id
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, 'review.expired', task_id, clock_now(), json_build_object('review', id) FROM freed
)
SELECT count(*) FROM freed

-- name: hold_review
-- One review, locked until its verdict commits.
SELECT *, expires_at <= clock_now() AS is_over FROM reviews WHERE id = $1 FOR UPDATE

-- name: hold_outcome
-- The outcome a review is about, locked, with its item and the settings of its project.
SELECT o.*, i.payload, p.quality, p.modality FROM outcomes o JOIN task_items i ON i.task_id = o.task_id
JOIN projects p ON p.id = o.project_id
WHERE o.id = $1 FOR UPDATE OF o

-- name: ontology_version
-- The definition an amended answer is checked against.
SELECT modality, definition, content_hash FROM ontology_versions WHERE id = $1

-- name: decide_review
-- Write a verdict.
UPDATE reviews SET state = 'decided', verdict = $2, comment = $3, diff = $4, amended_to = $5, effective = $6,
    expires_at = NULL, ended_at = clock_now()
WHERE id = $1

-- name: review
-- One review.
SELECT r.*, i.unique_id FROM reviews r JOIN task_items i ON i.task_id = r.task_id WHERE r.id = $1

-- name: outcome_reviewed
-- How an outcome under review came about, and what its project shows of that.
SELECT r.organisation_id, r.project_id, r.member_id, o.aggregator, o.confidence, o.agreement, o.submission_ids, p.quality
FROM reviews r JOIN outcomes o ON o.id = r.outcome_id JOIN projects p ON p.id = r.project_id WHERE r.id = $1

-- name: answers_reviewed
-- The answers that an outcome rests on, in the order they came.
SELECT s.id, s.answer, s.seconds, s.member_id, m.name FROM submissions s LEFT JOIN members m ON m.id = s.member_id
WHERE s.id = ANY($1::uuid[]) ORDER BY s.id LIMIT $2

-- name: reviews_of_project
-- Reviews of a project in the order of their making: of one state, of one member, if so asked.
SELECT r.*, i.unique_id FROM reviews r JOIN task_items i ON i.task_id = r.task_id
WHERE r.project_id = $3 AND ($1::uuid IS NULL OR r.id > $1) AND ($4::text IS NULL OR r.state = $4)
    AND ($5::uuid IS NULL OR r.member_id = $5)
ORDER BY r.id LIMIT $2

-- name: reviews_of_task
-- All looks at a task: of one state, of one member, if so asked.
SELECT r.*, i.unique_id FROM reviews r JOIN task_items i ON i.task_id = r.task_id
WHERE r.task_id = $3 AND ($1::uuid IS NULL OR r.id > $1) AND ($4::text IS NULL OR r.state = $4)
    AND ($5::uuid IS NULL OR r.member_id = $5)
ORDER BY r.id LIMIT $2

-- name: task_place
-- Whose task this is, its item, and its current answer.
SELECT t.id, t.project_id, t.organisation_id, i.payload, o.id AS outcome_id, o.answer,
    EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.member_id = $2) AS assigned
FROM tasks t JOIN task_items i ON i.task_id = t.id
LEFT JOIN outcomes o ON o.project_id = t.project_id AND o.task_id = t.id AND o.superseded_at IS NULL
WHERE t.id = $1

-- name: draft_own_answers
-- Who is asked again begins from their own earlier answer.
INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id, answer)
SELECT a.task_id, a.member_id, a.id, s.project_id, s.ontology_version_id, s.answer
FROM submissions s JOIN assignments a ON a.submission_id = s.id
WHERE s.id = ANY($1::uuid[]) AND a.state = 'revoked'
ON CONFLICT (task_id, member_id) DO UPDATE SET answer = EXCLUDED.answer, assignment_id = EXCLUDED.assignment_id,
    version = drafts.version + 1, saved_at = clock_timestamp(),
    ontology_version_id = EXCLUDED.ontology_version_id

-- name: draft_for_anybody
-- Whoever gets a rejected task next begins from the outcome that was rejected.
INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id, answer)
SELECT o.task_id, '00000000-0000-0000-0000-000000000000', s.assignment_id, o.project_id, o.ontology_version_id,
    o.answer
FROM outcomes o JOIN submissions s ON s.id = o.submission_ids[1] WHERE o.id = $1
ON CONFLICT (task_id, member_id) DO UPDATE SET answer = EXCLUDED.answer, assignment_id = EXCLUDED.assignment_id,
    version = drafts.version + 1, saved_at = clock_timestamp(),
    ontology_version_id = EXCLUDED.ontology_version_id

-- name: drop_draft_for_anybody
-- The rework is done.
DELETE FROM drafts WHERE task_id = $1 AND member_id = '00000000-0000-0000-0000-000000000000'

-- name: add_issues
-- Issues raised about a task.
WITH raised AS (
    INSERT INTO issues (id, task_id, project_id, organisation_id, review_id, outcome_id, place, text, raised_by,
        raised_at)
    SELECT n.id, $3, $4, $5, $6, $7, n.place, n.text, $8, clock_now()
    FROM unnest($1::uuid[], $2::text[], $9::json[]) AS n (id, text, place)
    RETURNING *
)
INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
SELECT organisation_id, 'issue.raised', task_id, raised_by, raised_at,
    json_build_object('issue', id, 'review', review_id, 'outcome', outcome_id) FROM raised

-- name: resolve_issues_of_task
-- The issues that earlier verdicts raised are settled by one that lets the answer stand.
WITH resolved AS (
    UPDATE issues SET state = 'resolved', resolved_by = $2, resolved_at = clock_now()
    WHERE task_id = $1 AND state = 'open' AND review_id IS NOT NULL AND review_id <> $3 RETURNING *
)
INSERT INTO events (organisation_id, type, subject_id, actor_id, occurred_at, data)
SELECT organisation_id, 'issue.resolved', task_id, resolved_by, resolved_at, json_build_object('issue', id) FROM resolved

-- name: issue
-- One issue, with whether this member was ever given its task.
SELECT s.*, EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = s.task_id AND a.member_id = $2) AS assigned
FROM issues s WHERE s.id = $1

-- name: set_issue_state
-- Resolve an issue, or open it again.
UPDATE issues SET state = $2, resolved_by = CASE WHEN $2 = 'resolved' THEN $3::uuid END,
    resolved_at = CASE WHEN $2 = 'resolved' THEN clock_now() END
WHERE id = $1 AND state <> $2 RETURNING id

-- name: issues_of_project
-- Issues of a project in the order they were raised: of one state if so asked; for $5 only those of their tasks.
SELECT s.* FROM issues s
WHERE s.project_id = $3 AND ($1::uuid IS NULL OR s.id > $1) AND ($4::text IS NULL OR s.state = $4)
    AND ($5::uuid IS NULL OR EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = s.task_id AND a.member_id = $5))
ORDER BY s.id LIMIT $2

-- name: issues_of_task
-- Issues of a task in the order they were raised: of one state if so asked; for $5 only where the task was theirs.
SELECT s.* FROM issues s
WHERE s.task_id = $3 AND ($1::uuid IS NULL OR s.id > $1) AND ($4::text IS NULL OR s.state = $4)
    AND ($5::uuid IS NULL OR EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = s.task_id AND a.member_id = $5))
ORDER BY s.id LIMIT $2

-- name: open_issues
-- What is not settled yet about tasks, the newest so many of each.
SELECT s.* FROM unnest($1::uuid[]) AS t (id) CROSS JOIN LATERAL (
    SELECT * FROM issues WHERE task_id = t.id AND state = 'open' ORDER BY id DESC LIMIT $2) AS s
ORDER BY s.id

-- name: add_comment
-- A comment on an issue.
INSERT INTO issue_comments (id, issue_id, member_id, text, written_at) VALUES ($1, $2, $3, $4, clock_now())
RETURNING *

-- name: comments
-- What was said about issues, the first so many of each.
SELECT c.* FROM unnest($1::uuid[]) AS i (id) CROSS JOIN LATERAL (
    SELECT * FROM issue_comments WHERE issue_id = i.id ORDER BY id LIMIT $2) AS c
ORDER BY c.id

-- name: contradictions_wanting_review
-- The outcomes of these tasks in which a contradiction was found that somebody shall look at, while they are current.
SELECT DISTINCT ON (c.outcome_id) c.outcome_id, c.reason FROM contradictions c
JOIN outcomes o ON o.id = c.outcome_id AND o.superseded_at IS NULL AND o.state = 'accepted'
WHERE c.task_id = ANY($1::uuid[]) AND c.wanted = 'review' ORDER BY c.outcome_id, c.score DESC
