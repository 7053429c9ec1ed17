-- name: assets_by_hash
-- Which of these assets an organisation has, and what is known of them.
SELECT hash, media_type, facts FROM assets WHERE organisation_id = $1 AND hash = ANY($2::bytea[]);

-- name: asset
-- Where an asset's bytes lie.
SELECT size_bytes, media_type, source, location FROM assets WHERE organisation_id = $1 AND hash = $2;
