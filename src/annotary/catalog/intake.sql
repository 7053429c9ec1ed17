-- name: items_by_unique_id
-- What a dataset already has of these business keys.
SELECT unique_id, id, content_hash, deleted_at IS NOT NULL AS deleted
FROM items WHERE dataset_id = $1 AND unique_id = ANY($2::text[]);
