-- name: note_eligible
-- Tasks and batches that could be claimed again at a time.
INSERT INTO eligibilities (subject_id, eligible_at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
ON CONFLICT DO NOTHING

-- name: received_labels
-- Answers as they came in, in one row of columns: their stamps from `created` to `committed`. A revision has none before it
-- was submitted, and a task of gold, which is given out again and again, none before it was claimed.
SELECT coalesce(string_agg(uuid_send(s.id), ''), '') AS ids, coalesce(string_agg(uuid_send(s.project_id), ''), '') AS projects,
    coalesce(array_agg(coalesce(s.flushed_why, '')), '{}') AS whys, coalesce(array_agg(s.trace_id), '{}') AS trace_ids,
    coalesce(string_agg(stamp(CASE WHEN w.waited THEN i.created_at END)
        || stamp(CASE WHEN w.waited THEN greatest(i.created_at, again.at) END)
        || stamp(CASE WHEN w.leased THEN a.claimed_at END)
        || stamp(CASE WHEN w.leased AND s.first_input_at IS NOT NULL THEN greatest(s.first_input_at, a.claimed_at) END)
        || stamp(s.received_at) || stamp(s.group_opened_at) || stamp(s.flushed_at) || stamp(s.committed_at), ''), '')
        AS stamps, coalesce(string_agg(stamp(NULL) || stamp(NULL), ''), '') AS ways
FROM submissions s
JOIN assignments a ON a.id = s.assignment_id
JOIN tasks t ON t.id = s.task_id
JOIN task_items i ON i.task_id = s.task_id
CROSS JOIN LATERAL (SELECT s.supersedes IS NULL AS leased, s.supersedes IS NULL AND t.state <> 'gold' AS waited) AS w
CROSS JOIN LATERAL (SELECT max(e.eligible_at) AS at FROM eligibilities e
    WHERE e.subject_id IN (t.id, t.batch_id) AND e.eligible_at <= a.claimed_at) AS again
WHERE s.id = ANY($1::uuid[])

-- name: settled_labels
-- Answers that outcomes rest on, in one row of columns: their stamps from `committed` to `accepted`, each counted once:
-- where it first stood in an outcome, and where one that it stands in was first accepted. An outcome is told of ($1) at a
-- time ($2) as accepted or not ($3). The whole way is over when it is accepted.
SELECT coalesce(string_agg(uuid_send(s.id), ''), '') AS ids, coalesce(string_agg(uuid_send(s.project_id), ''), '') AS projects,
    coalesce(array_agg(''::text), '{}') AS whys, coalesce(array_agg(s.trace_id), '{}') AS trace_ids,
    coalesce(string_agg(stamp(CASE WHEN w.is_first THEN s.committed_at END) || stamp(CASE WHEN w.is_first THEN done.at END)
        || stamp(CASE WHEN w.is_first THEN o.consumed_at END) || stamp(f.created_at)
        || stamp(CASE WHEN w.is_accepted THEN w.accepted_at END), ''), '') AS stamps,
    coalesce(string_agg(stamp(CASE WHEN w.is_accepted THEN CASE WHEN s.supersedes IS NULL THEN i.created_at
        ELSE s.received_at END END) || stamp(CASE WHEN w.is_accepted THEN w.accepted_at END), ''), '') AS ways
FROM unnest($1::uuid[], $2::timestamptz[], $3::boolean[]) AS told (outcome_id, at, accepted)
JOIN outcomes o ON o.id = told.outcome_id
JOIN submissions s ON s.id = ANY(o.submission_ids)
JOIN task_items i ON i.task_id = o.task_id
CROSS JOIN LATERAL (SELECT max(x.committed_at) AS at FROM submissions x WHERE x.id = ANY(o.submission_ids)) AS done
CROSS JOIN LATERAL (SELECT v.id, v.created_at FROM outcomes v
    WHERE v.task_id = o.task_id AND s.id = ANY(v.submission_ids) ORDER BY v.version LIMIT 1) AS f
CROSS JOIN LATERAL (SELECT f.id = o.id AS is_first,
    CASE WHEN o.accepted_by IS NULL OR o.aggregator = 'review' THEN o.created_at ELSE told.at END AS accepted_at,
    told.accepted AND NOT EXISTS (SELECT 1 FROM outcomes v
    WHERE v.task_id = o.task_id AND v.version < o.version AND v.state = 'accepted'
        AND s.id = ANY(v.submission_ids)) AS is_accepted) AS w
WHERE w.is_first OR w.is_accepted

-- name: count_hops
-- Add hops to the histograms of their minutes and hours, and to those since the beginning.
WITH counted AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::smallint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::uuid[], $10::text[]) AS hop (project_id, minute, hop, why, bucket, labels,
        sum_microseconds, slowest_microseconds, submission_id, trace_id)
), by_minute AS (
    INSERT INTO hop_minutes AS m (project_id, minute, hop, why, bucket, labels, sum_microseconds,
        slowest_microseconds, submission_id, trace_id)
    SELECT project_id, minute, hop, why, bucket, labels, sum_microseconds, slowest_microseconds, submission_id, trace_id
    FROM counted
    ON CONFLICT (project_id, minute, hop, why, bucket) DO UPDATE SET labels = m.labels + EXCLUDED.labels,
        sum_microseconds = m.sum_microseconds + EXCLUDED.sum_microseconds,
        submission_id = CASE WHEN EXCLUDED.slowest_microseconds > m.slowest_microseconds
            THEN EXCLUDED.submission_id ELSE m.submission_id END,
        trace_id = CASE WHEN EXCLUDED.slowest_microseconds > m.slowest_microseconds
            THEN EXCLUDED.trace_id ELSE m.trace_id END,
        slowest_microseconds = greatest(EXCLUDED.slowest_microseconds, m.slowest_microseconds)
), by_hour AS (
    INSERT INTO hop_hours AS h (project_id, hour, hop, why, bucket, labels, sum_microseconds, slowest_microseconds,
        submission_id, trace_id)
    SELECT project_id, date_trunc('hour', minute, 'UTC') AS hour, hop, why, bucket, sum(labels), sum(sum_microseconds),
        max(slowest_microseconds), (array_agg(submission_id ORDER BY slowest_microseconds DESC))[1],
        (array_agg(trace_id ORDER BY slowest_microseconds DESC))[1]
    FROM counted GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (project_id, hour, hop, why, bucket) DO UPDATE SET labels = h.labels + EXCLUDED.labels,
        sum_microseconds = h.sum_microseconds + EXCLUDED.sum_microseconds,
        submission_id = CASE WHEN EXCLUDED.slowest_microseconds > h.slowest_microseconds
            THEN EXCLUDED.submission_id ELSE h.submission_id END,
        trace_id = CASE WHEN EXCLUDED.slowest_microseconds > h.slowest_microseconds
            THEN EXCLUDED.trace_id ELSE h.trace_id END,
        slowest_microseconds = greatest(EXCLUDED.slowest_microseconds, h.slowest_microseconds)
)
INSERT INTO hop_totals AS t (hop, why, bucket, labels, sum_microseconds, last_microseconds, last_at, submission_id, trace_id)
SELECT hop, why, bucket, sum(labels), sum(sum_microseconds), max(slowest_microseconds), clock_timestamp(),
    (array_agg(submission_id ORDER BY slowest_microseconds DESC))[1],
    (array_agg(trace_id ORDER BY slowest_microseconds DESC))[1]
FROM counted GROUP BY hop, why, bucket
ON CONFLICT (hop, why, bucket) DO UPDATE SET labels = t.labels + EXCLUDED.labels,
    sum_microseconds = t.sum_microseconds + EXCLUDED.sum_microseconds,
    last_microseconds = EXCLUDED.last_microseconds, last_at = EXCLUDED.last_at,
    submission_id = EXCLUDED.submission_id, trace_id = EXCLUDED.trace_id

-- name: forget_minutes
-- Histograms older than they are kept, a bounded number at once.
WITH old AS (
    SELECT project_id, minute, hop, why, bucket FROM hop_minutes
    WHERE minute < clock_now() - make_interval(days => $1) LIMIT $2
), gone AS (
    DELETE FROM hop_minutes m USING old
    WHERE (m.project_id, m.minute, m.hop, m.why, m.bucket) = (old.project_id, old.minute, old.hop, old.why, old.bucket)
    RETURNING 1
)
SELECT count(*) FROM gone

-- name: forget_hours
-- The same by the hour.
WITH old AS (
    SELECT project_id, hour, hop, why, bucket FROM hop_hours
    WHERE hour < clock_now() - make_interval(days => $1) LIMIT $2
), gone AS (
    DELETE FROM hop_hours h USING old
    WHERE (h.project_id, h.hour, h.hop, h.why, h.bucket) = (old.project_id, old.hour, old.hop, old.why, old.bucket)
    RETURNING 1
)
SELECT count(*) FROM gone

-- name: forget_eligibilities
-- What has been claimed long since, or never will be.
WITH old AS (
    SELECT subject_id, eligible_at FROM eligibilities
    WHERE eligible_at < clock_now() - make_interval(days => $1) LIMIT $2
), gone AS (
    DELETE FROM eligibilities e USING old WHERE (e.subject_id, e.eligible_at) = (old.subject_id, old.eligible_at)
    RETURNING 1
)
SELECT count(*) FROM gone

-- name: totals
-- All hops since the beginning.
SELECT hop, why, bucket, labels, sum_microseconds::double precision AS sum_microseconds, last_microseconds, last_at,
    submission_id, trace_id
FROM hop_totals ORDER BY hop, why, bucket

-- name: minutes
-- A project's hops that ended from a minute on and before another.
SELECT minute, hop, why, bucket, labels, sum_microseconds, slowest_microseconds, submission_id, trace_id
FROM hop_minutes WHERE project_id = $1 AND minute >= $2 AND minute < $3 ORDER BY minute LIMIT $4

-- name: hours
-- The same by the hour, each as the minute that it begins with.
SELECT hour AS minute, hop, why, bucket, labels, sum_microseconds, slowest_microseconds, submission_id, trace_id
FROM hop_hours WHERE project_id = $1 AND hour >= $2 AND hour < $3 ORDER BY hour LIMIT $4

-- name: whole_way
-- All stamps of one answer. Its event, looked for by what it is about and when, says where it stands in the log.
SELECT s.id, s.task_id, s.project_id, s.organisation_id, s.supersedes, s.trace_id, s.flushed_why AS why, t.state AS task_state,
    o.id AS outcome_id,
    CASE WHEN w.waited THEN i.created_at END AS created,
    CASE WHEN w.waited THEN greatest(i.created_at, again.at) END AS eligible,
    CASE WHEN w.leased THEN a.claimed_at END AS claimed,
    CASE WHEN w.leased AND s.first_input_at IS NOT NULL THEN greatest(s.first_input_at, a.claimed_at) END AS first_input,
    s.received_at AS submitted, s.group_opened_at AS group_opened, s.flushed_at AS flushed, s.committed_at AS committed,
    (SELECT max(x.committed_at) FROM submissions x WHERE x.id = ANY(o.submission_ids)) AS done,
    o.consumed_at AS consumed, o.created_at AS consensus, accepted.at AS accepted,
    (SELECT min(x.ended_at) FROM exports_made x
        WHERE x.project_id = s.project_id AND x.began_at >= accepted.at) AS snapshotted,
    (SELECT min(r.appended_at) FROM event_runs r WHERE r.organisation_id = s.organisation_id
        AND r.span @> e.sequence AND e.sequence = ANY(r.sequences)) AS appended,
    (SELECT min(c.made_at) FROM relay_checkpoints c
        WHERE (c.transaction_id, c.sequence) >= (e.transaction_id, e.sequence)) AS relayed,
    EXISTS (SELECT 1 FROM relay_checkpoints) AS has_relay
FROM submissions s
JOIN assignments a ON a.id = s.assignment_id
JOIN tasks t ON t.id = s.task_id
JOIN task_items i ON i.task_id = s.task_id
CROSS JOIN LATERAL (SELECT s.supersedes IS NULL AS leased, s.supersedes IS NULL AND t.state <> 'gold' AS waited) AS w
CROSS JOIN LATERAL (SELECT max(e.eligible_at) AS at FROM eligibilities e
    WHERE e.subject_id IN (t.id, t.batch_id) AND e.eligible_at <= a.claimed_at) AS again
LEFT JOIN LATERAL (SELECT * FROM outcomes v
    WHERE v.task_id = s.task_id AND s.id = ANY(v.submission_ids) ORDER BY v.version LIMIT 1) AS o ON true
LEFT JOIN LATERAL (SELECT CASE WHEN v.accepted_by IS NULL OR v.aggregator = 'review' THEN v.created_at
        ELSE (SELECT max(r.ended_at) FROM reviews r WHERE r.outcome_id = v.id AND r.verdict = 'accepted' AND r.effective)
        END AS at
    FROM outcomes v WHERE v.task_id = s.task_id AND s.id = ANY(v.submission_ids) AND v.state = 'accepted'
    ORDER BY v.version LIMIT 1) AS accepted ON true
LEFT JOIN LATERAL (SELECT x.transaction_id, x.sequence FROM events x WHERE x.subject_id = s.task_id
    AND x.type IN ('submission.received', 'submission.revised') AND x.data ->> 'submission' = s.id::text
    ORDER BY x.sequence LIMIT 1) AS e ON true
WHERE s.id = $1
