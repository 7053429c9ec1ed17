-- name: item
-- One item with its dataset.
SELECT i.id, i.unique_id, i.content_hash, i.dataset_id, d.name AS dataset_name, i.created_at, i.deleted_at
FROM items i JOIN datasets d ON d.id = i.dataset_id WHERE i.organisation_id = $1 AND i.id = $2

-- name: assets
-- Assets by their hashes.
SELECT hash, media_type, size_bytes, source FROM assets WHERE organisation_id = $1 AND hash = ANY($2::bytea[])

-- name: exports
-- The newest exports of a project that were read between two moments, or later than the first (null: without end).
SELECT id, request, result, created_by, started_at, ended_at FROM jobs
WHERE organisation_id = $1 AND project_id = $2 AND kind = 'export' AND state = 'succeeded'
    AND ended_at >= $3 AND ($4::timestamptz IS NULL OR started_at <= $4)
ORDER BY id DESC LIMIT $5

-- name: events
-- Facts about an item, its assets, ontology versions and exports; of its dataset the import that brought it in, of
-- its project the instructions that were given, of jobs how they began and ended.
SELECT sequence, type, subject_id, actor_id, occurred_at, data FROM events
WHERE organisation_id = $1 AND (subject_id = ANY($2::uuid[])
    OR subject_id = $3 AND type = 'items.imported'
        AND $5::uuid BETWEEN (data ->> 'first')::uuid AND (data ->> 'last')::uuid
    OR subject_id = $4 AND type = 'instructions.published')
ORDER BY transaction_id, sequence LIMIT $6
