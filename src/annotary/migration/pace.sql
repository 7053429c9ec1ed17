-- name: note_pace
-- How fast a process gave out tasks in the last seconds.
INSERT INTO claim_paces (process_id, claims, p99_seconds, noted_at) VALUES ($1, $2, $3, clock_timestamp())
ON CONFLICT (process_id) DO UPDATE SET claims = $2, p99_seconds = $3, noted_at = clock_timestamp()

-- name: read_pace
-- How fast tasks are given out now, by the slowest process that said so lately.
SELECT coalesce(sum(claims), 0)::integer AS claims, max(p99_seconds) AS p99_seconds FROM claim_paces
WHERE noted_at > clock_timestamp() - make_interval(secs => $1) AND claims > 0

-- name: changes_running
-- How many changes are at work.
SELECT count(*) AS running FROM answer_changes WHERE state = 'running'

-- name: take_turn
-- Wait until no other change of this server's database writes; given back with the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('annotary.changes', 0))

-- name: begin_batch
-- This transaction's commit waits for no disk: a batch that is lost with its position is done again. Its statements are
-- planned for the batch they get: a plan for any limit would take a page to be a tenth of the table.
SELECT set_config('synchronous_commit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)

-- name: add_refusals
-- Count answers refused as invalid, by project and version, in the present minute.
INSERT INTO refused_answers AS r (project_id, ontology_version_id, minute, refusals)
SELECT project_id, version_id, date_trunc('minute', clock_timestamp()), refusals
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS n (project_id, version_id, refusals)
ON CONFLICT (project_id, ontology_version_id, minute) DO UPDATE SET refusals = r.refusals + excluded.refusals
