-- name: create_job
-- Writes the job and defers it to its service's queue, in the caller's transaction. The queue's tables live in schema `jobs`.
WITH deferred AS (
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW($5, $9, 0, NULL, NULL,
        jsonb_build_object('job_id', replace($1::uuid::text, '-', '')), NULL)::jobs.procrastinate_job_to_defer_v1])
)
INSERT INTO jobs (id, organisation_id, project_id, kind, service, request, progress, created_by)
SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM deferred;

-- name: begin_job
-- Takes the job for one run; a run that began earlier can no longer write (its number is stale).
UPDATE jobs SET state = 'running', run = run + 1, started_at = coalesce(started_at, clock_timestamp())
WHERE id = $1 AND state IN ('waiting', 'running')
RETURNING id, organisation_id, project_id, kind, service, request, progress, checkpoint, run, created_by, created_at;

-- name: advance_job
-- Records how far a run has come; touches nothing when the job was cancelled or taken by a later run.
UPDATE jobs SET progress = $3, checkpoint = $4
WHERE id = $1 AND run = $2 AND state = 'running' RETURNING id;

-- name: end_job
-- Ends a run, unless the job was cancelled or taken by a later run.
UPDATE jobs SET state = $3, progress = coalesce($4, progress), result = $5, error = $6, ended_at = clock_timestamp()
WHERE id = $1 AND run = $2 AND state = 'running' RETURNING id;

-- name: cancel_job
-- Cancels what has not ended. What is running notices at its next step.
UPDATE jobs SET state = 'cancelled', ended_at = clock_timestamp()
WHERE id = $1 AND organisation_id = $2 AND state IN ('waiting', 'running') RETURNING id;

-- name: refuse_rows
-- Keeps the reasons for refused rows, by line; a chunk done again changes nothing.
INSERT INTO import_refusals (job_id, line, path, reason)
SELECT $1, line, path, reason FROM unnest($2::bigint[], $3::text[], $4::text[]) AS refused (line, path, reason)
ON CONFLICT DO NOTHING;

-- name: project_for_work
-- A project with the ontology version it uses now, as the platform has them.
SELECT p.id, p.name, p.overlap, p.quality, p.modality, v.definition, v.content_hash
FROM projects p JOIN ontology_versions v ON v.id = p.ontology_version_id
WHERE p.id = $1 AND p.organisation_id = $2 AND p.modality = $3 AND p.state <> 'deleted';

-- name: dataset_for_work
-- A dataset that items may still go to.
SELECT id FROM datasets WHERE id = $1 AND organisation_id = $2 AND modality = $3 AND state = 'active';
