-- name: note_pace
-- How fast a process gave out tasks in the last seconds.
INSERT INTO claim_paces (process_id, claims, p99_seconds, noted_at) VALUES ($1, $2, $3, clock_timestamp())
ON CONFLICT (process_id) DO UPDATE SET claims = $2, p99_seconds = $3, noted_at = clock_timestamp()

-- name: read_pace
-- How fast tasks are given out now, by the slowest process that said so lately.
SELECT coalesce(sum(claims), 0)::integer AS claims, max(p99_seconds) AS p99_seconds FROM claim_paces
WHERE noted_at > clock_timestamp() - make_interval(secs => $1) AND claims > 0

-- name: add_refusals
-- Count answers refused as invalid, by project and version, in the present minute.
INSERT INTO refused_answers AS r (project_id, ontology_version_id, minute, refusals)
SELECT project_id, version_id, date_trunc('minute', clock_timestamp()), refusals
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS n (project_id, version_id, refusals)
ON CONFLICT (project_id, ontology_version_id, minute) DO UPDATE SET refusals = r.refusals + excluded.refusals
