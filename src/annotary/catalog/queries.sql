-- name: add_dataset
-- A new dataset; no row when an active one has this name.
INSERT INTO datasets (id, organisation_id, name, modality, created_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING *

-- name: dataset_named
-- The active dataset of this name.
SELECT * FROM datasets WHERE organisation_id = $1 AND name = $2 AND state = 'active'

-- name: dataset
-- One dataset.
SELECT * FROM datasets WHERE organisation_id = $1 AND id = $2

-- name: hold_dataset
-- One dataset that must stay as it is until this commits.
SELECT * FROM datasets WHERE organisation_id = $1 AND id = $2 FOR SHARE

-- name: datasets_page
-- Active datasets after a given one, in the order they were made.
SELECT * FROM datasets
WHERE organisation_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') AND state = 'active'
ORDER BY id LIMIT $2

-- name: delete_dataset
-- Nothing more goes into a deleted dataset, and its name is free again.
UPDATE datasets SET state = 'deleted' WHERE organisation_id = $1 AND id = $2 RETURNING *

-- name: add_item
-- A new item; no row when the dataset has one with this unique_id.
INSERT INTO items (id, organisation_id, dataset_id, unique_id, payload, metadata, content_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, clock_now())
ON CONFLICT (dataset_id, unique_id) DO NOTHING RETURNING *

-- name: item_with_unique_id
-- The item of a dataset that has this unique_id.
SELECT * FROM items WHERE dataset_id = $1 AND unique_id = $2

-- name: item
-- One item.
SELECT * FROM items WHERE organisation_id = $1 AND id = $2

-- name: items_page
-- Items of a dataset after a given one, by their ids; $4 limits to one unique_id.
SELECT * FROM items
WHERE dataset_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND ($4::text IS NULL OR unique_id = $4)
ORDER BY id LIMIT $2

-- name: erase_item
-- What annotators saw of an item is erased; its id, its unique_id and the hash of its content stay for the record.
UPDATE items SET payload = 'null', metadata = NULL, deleted_at = clock_now()
WHERE organisation_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING *

-- name: asset
-- One asset.
SELECT * FROM assets WHERE organisation_id = $1 AND hash = $2

-- name: add_asset
-- A new asset; no row when the organisation has these bytes.
INSERT INTO assets (organisation_id, hash, size_bytes, media_type, source, location, facts, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING RETURNING *

-- name: add_upload
-- A new upload, open for its chunks.
INSERT INTO uploads (id, organisation_id, created_by, name, media_type, size_bytes, chunk_bytes)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *

-- name: upload
-- One upload.
SELECT * FROM uploads WHERE organisation_id = $1 AND id = $2

-- name: hold_upload
-- One upload, which must not be completed or abandoned until this commits.
SELECT * FROM uploads WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- name: put_chunk
-- Which bytes a chunk has: sent again, the last ones count.
INSERT INTO upload_chunks (upload_id, number, size_bytes, hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (upload_id, number) DO UPDATE SET size_bytes = excluded.size_bytes, hash = excluded.hash

-- name: chunks
-- The chunks of an upload that are in, in their order.
SELECT number, size_bytes, hash FROM upload_chunks WHERE upload_id = $1 ORDER BY number

-- name: complete_upload
-- The upload became an asset.
UPDATE uploads SET state = 'complete', asset_hash = $2 WHERE id = $1

-- name: abandon_uploads
-- Open uploads that were begun long ago, a bounded number at a time.
UPDATE uploads SET state = 'abandoned' WHERE id IN (
    SELECT id FROM uploads WHERE state = 'open' AND created_at < clock_now() - make_interval(hours => $1)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id, organisation_id

-- name: ended_uploads_with_chunks
-- Uploads that ended and whose chunks still take room.
SELECT u.id FROM uploads u
WHERE u.state <> 'open' AND EXISTS (SELECT 1 FROM upload_chunks c WHERE c.upload_id = u.id)
ORDER BY u.id LIMIT $1

-- name: forget_chunks
-- The chunks of an upload were deleted.
DELETE FROM upload_chunks WHERE upload_id = $1

-- name: job
-- One job.
SELECT * FROM jobs WHERE organisation_id = $1 AND id = $2

-- name: jobs_page
-- Jobs after a given one, oldest first: of these kinds, and of these projects where given.
SELECT * FROM jobs
WHERE organisation_id = $3 AND id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
    AND ($4::text IS NULL OR kind = $4) AND ($5::uuid[] IS NULL OR project_id = ANY($5))
ORDER BY id LIMIT $2

-- name: refusals_page
-- Rows an import refused, by line, after a given one.
SELECT line, path, reason FROM import_refusals WHERE job_id = $3 AND line > coalesce($1::bigint, -1) ORDER BY line LIMIT $2
