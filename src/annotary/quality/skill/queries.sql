-- name: count_answers
-- Count what the log says of annotators: answers up to a sequence once, gold for each cause once. A newcomer, and who is
-- due gold, is looked at now.
WITH told AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::boolean[], $6::uuid[])
        AS t (project_id, member_id, organisation_id, sequence, is_answer, cause)
), earned AS (
    INSERT INTO gold_earned (cause) SELECT cause FROM told WHERE cause IS NOT NULL ON CONFLICT DO NOTHING RETURNING cause
), found AS (
    SELECT t.project_id, t.member_id, t.organisation_id, t.sequence,
        t.is_answer AND t.sequence > coalesce(c.counted_to, 0) AS is_answer, e.cause IS NOT NULL AS is_due
    FROM told t LEFT JOIN earned e ON e.cause = t.cause
    LEFT JOIN annotator_counts c ON c.project_id = t.project_id AND c.member_id = t.member_id
)
INSERT INTO annotator_counts AS c (project_id, member_id, organisation_id, answers, gold_due, counted_to, due_at)
SELECT project_id, member_id, organisation_id, count(*) FILTER (WHERE is_answer),
    least(count(*) FILTER (WHERE is_due), $7), max(sequence), clock_now()
FROM found GROUP BY project_id, member_id, organisation_id ORDER BY project_id, member_id
ON CONFLICT (project_id, member_id) DO UPDATE
SET answers = c.answers + excluded.answers, gold_due = least(c.gold_due + excluded.gold_due, $7),
    counted_to = greatest(c.counted_to, excluded.counted_to),
    due_at = CASE WHEN excluded.gold_due > 0 THEN least(c.due_at, excluded.due_at) ELSE c.due_at END

-- name: mark_due
-- Annotators of whose answers something new is known are looked at after so many seconds, or earlier if they were to be.
INSERT INTO annotator_counts AS c (project_id, member_id, organisation_id, due_at)
SELECT project_id, member_id, organisation_id, clock_now() + make_interval(secs => min(seconds))
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::double precision[])
    AS m (project_id, member_id, organisation_id, seconds)
GROUP BY project_id, member_id, organisation_id ORDER BY project_id, member_id
ON CONFLICT (project_id, member_id) DO UPDATE SET due_at = least(c.due_at, excluded.due_at)

-- name: mark_ungated
-- Who still waits at a gate that the project has no more is looked at now.
UPDATE annotator_counts c SET due_at = clock_now()
FROM annotators a JOIN projects p ON p.id = a.project_id
WHERE a.state = 'qualifying' AND p.entry = 'active' AND c.project_id = a.project_id AND c.member_id = a.member_id
    AND c.due_at IS NULL

-- name: due_annotators
-- Whom to look at next.
SELECT project_id, member_id FROM annotator_counts WHERE due_at <= clock_now() ORDER BY due_at LIMIT $1

-- name: hold_annotator
-- Hold one annotator against every other who would change how they stand; made where there was none.
INSERT INTO annotator_counts AS c (project_id, member_id, organisation_id)
SELECT id, $2, organisation_id FROM projects WHERE id = $1
ON CONFLICT (project_id, member_id) DO UPDATE SET answers = c.answers
RETURNING organisation_id, answers, gold_due

-- name: standing
-- How a member stands on a project, the project's settings, and since when answers speak for them: the last resumption.
SELECT p.organisation_id, p.quality, coalesce(a.state, p.entry) AS state, a.reason,
    coalesce((SELECT max(s.resumed_at) FROM pauses s WHERE s.project_id = p.id AND s.member_id = $2), '-infinity') AS since,
    EXISTS (SELECT 1 FROM members m WHERE m.id = $2 AND m.organisation_id = p.organisation_id) AS is_member
FROM projects p LEFT JOIN annotators a ON a.project_id = p.id AND a.member_id = $2
WHERE p.id = $1

-- name: evidence
-- The newest judged answers of a member: so many held against what is known, so many against consensus.
(SELECT source, score, labels FROM judged_answers
    WHERE project_id = $1 AND member_id = $2 AND (source = 'consensus') = false AND state = 'judged' AND answered_at > $3
    ORDER BY submission_id DESC LIMIT $4)
UNION ALL
(SELECT source, score, labels FROM judged_answers
    WHERE project_id = $1 AND member_id = $2 AND (source = 'consensus') = true AND state = 'judged' AND answered_at > $3
    ORDER BY submission_id DESC LIMIT $5)

-- name: qualification_scores
-- How a member did on the qualification tasks answered.
SELECT score FROM judged_answers
WHERE project_id = $1 AND member_id = $2 AND (source = 'consensus') = false AND state = 'judged'
    AND source = 'qualification' AND answered_at > $3
ORDER BY submission_id LIMIT $4

-- name: put_annotator
-- How a member stands now. The gold drawn for them is added to what they wait for, within bounds.
INSERT INTO annotators AS a (project_id, member_id, organisation_id, state, reason, skill, gold_waiting, answers, changed_at)
SELECT p.id, $2, p.organisation_id, $3, $4, $5, p.gold_first + $6, $7, clock_now() FROM projects p WHERE p.id = $1
ON CONFLICT (project_id, member_id) DO UPDATE
SET state = excluded.state, reason = excluded.reason, skill = excluded.skill, answers = excluded.answers,
    gold_waiting = least(a.gold_waiting + $6, greatest(a.gold_waiting, $8)),
    changed_at = CASE WHEN a.state = excluded.state THEN a.changed_at ELSE excluded.changed_at END

-- name: looked_at
-- The annotator was looked at; what the log says from now on is news.
UPDATE annotator_counts SET due_at = NULL, gold_due = 0 WHERE project_id = $1 AND member_id = $2

-- name: put_skill_day
-- An annotator's skill as it is known today.
INSERT INTO skill_days (project_id, member_id, day, skill, low, high, gold_answers, gold_score, agreed_answers,
    agreed_score, labels)
VALUES ($1, $2, (clock_now() AT TIME ZONE 'UTC')::date, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (project_id, member_id, day) DO UPDATE
SET skill = excluded.skill, low = excluded.low, high = excluded.high, gold_answers = excluded.gold_answers,
    gold_score = excluded.gold_score, agreed_answers = excluded.agreed_answers, agreed_score = excluded.agreed_score,
    labels = excluded.labels

-- name: skills_of
-- What is known of some members' skill on a project.
SELECT member_id, skill FROM annotators WHERE project_id = $1 AND member_id = ANY($2::uuid[])

-- name: annotators_page
-- Annotators of a project in the order of their ids: all, or one.
SELECT a.project_id, a.member_id, a.member_id AS id, m.name, a.state, a.reason, a.skill, a.changed_at,
    coalesce(c.answers, a.answers) AS answers, (SELECT count(*) FROM requeued_answers r
    WHERE r.pause_id = (SELECT s.id FROM pauses s
        WHERE s.project_id = a.project_id AND s.member_id = a.member_id AND s.resumed_at IS NULL)) AS requeued
FROM annotators a LEFT JOIN members m ON m.id = a.member_id
LEFT JOIN annotator_counts c ON c.project_id = a.project_id AND c.member_id = a.member_id
WHERE a.project_id = $3 AND ($1::uuid IS NULL OR a.member_id > $1) AND ($4::uuid IS NULL OR a.member_id = $4)
ORDER BY a.member_id LIMIT $2

-- name: skills_page
-- The newest skill of a project's annotators in the order of their ids: of all, or of one; before today where $5.
SELECT a.member_id AS id, a.member_id, a.project_id, m.name, a.state, d.skill, d.low, d.high, d.gold_answers, d.gold_score,
    d.agreed_answers, d.agreed_score, d.labels
FROM annotators a LEFT JOIN members m ON m.id = a.member_id
LEFT JOIN LATERAL (SELECT * FROM skill_days s WHERE s.project_id = a.project_id AND s.member_id = a.member_id
        AND (NOT $5 OR s.day < (clock_now() AT TIME ZONE 'UTC')::date)
    ORDER BY s.day DESC LIMIT 1) AS d ON a.skill IS NOT NULL
WHERE a.project_id = $3 AND ($1::uuid IS NULL OR a.member_id > $1) AND ($4::uuid IS NULL OR a.member_id = $4)
ORDER BY a.member_id LIMIT $2

-- name: skill_days
-- The newest days of one annotator's skill; those before today where $4.
SELECT day, skill, low, high, gold_answers, gold_score, agreed_answers, agreed_score FROM skill_days
WHERE project_id = $1 AND member_id = $2 AND (NOT $4 OR day < (clock_now() AT TIME ZONE 'UTC')::date)
ORDER BY day DESC LIMIT $3
