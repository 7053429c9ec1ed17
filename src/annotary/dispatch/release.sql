-- name: hold_batch
-- A batch and its terms, held against change until the chunk is in.
SELECT b.id, b.organisation_id, b.project_id, b.overlap, b.state, b.order_key, b.shuffle_seed,
    (SELECT p.ontology_version_id FROM projects p WHERE p.id = b.project_id) AS ontology_version_id
FROM batches b WHERE b.id = $1 FOR NO KEY UPDATE;

-- name: chunk_released
-- How many tasks a chunk of a job released, when it was done before.
SELECT tasks FROM released_chunks WHERE job_id = $1 AND number = $2;

-- name: note_chunk
-- Notes a chunk as done, with the batch's new size.
WITH counted AS (
    UPDATE batches SET tasks_total = tasks_total + $4 WHERE id = $3
)
INSERT INTO released_chunks (job_id, number, tasks) VALUES ($1, $2, $4);

-- name: tasks_by_unique_id
-- The tasks a project already has for these business keys.
SELECT unique_id, task_id, item_id FROM task_items WHERE project_id = $1 AND unique_id = ANY($2::text[]);

-- name: items_of_dataset
-- Items of a dataset in the order of their ids.
SELECT id, unique_id, payload FROM items
WHERE dataset_id = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT $3;

-- name: items_of_list
-- Items of an organisation by id; which of them exist, not in any order.
SELECT id, unique_id, payload FROM items WHERE organisation_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL;

-- name: count_items
-- How many items a dataset has.
SELECT count(*) FROM items WHERE dataset_id = $1 AND deleted_at IS NULL;

-- name: unique_id_of_item
-- What an item is called in its dataset, as far as it has tasks here. No index serves this: it is rare.
SELECT i.unique_id FROM task_items i JOIN projects p ON p.id = i.project_id
WHERE p.organisation_id = $1 AND i.item_id = $2 LIMIT 1

-- name: erase_item
-- What annotators saw of a deleted item goes; its tasks that are not done are cancelled, leases on them end.
WITH erased AS (
    UPDATE task_items SET payload = 'null', suggestions = NULL
    WHERE project_id IN (SELECT id FROM projects WHERE organisation_id = $1) AND unique_id = $2 AND item_id = $3
    RETURNING task_id
), forgotten AS (
    DELETE FROM task_words WHERE task_id IN (SELECT task_id FROM erased)
), cancelled AS (
    UPDATE tasks SET state = 'cancelled', leased = 0
    WHERE id IN (SELECT task_id FROM erased) AND state IN ('open', 'paused') RETURNING id
), unpooled AS (
    -- Gold is in no pool any more; its known answer is retired by those who keep it.
    UPDATE tasks SET reserved_for = '00000000-0000-0000-0000-000000000003'
    WHERE id IN (SELECT task_id FROM erased) AND state = 'gold'
), ended AS (
    UPDATE assignments SET state = 'revoked', ended_at = clock_now(), reason = 'The item was deleted.'
    WHERE task_id IN (SELECT id FROM cancelled) AND state = 'leased' RETURNING id, task_id, organisation_id, member_id,
    reason
), told AS (
    INSERT INTO events (organisation_id, type, subject_id, occurred_at, data)
    SELECT organisation_id, 'task.revoked', task_id, clock_now(),
        json_build_object('assignment', id, 'member', member_id, 'reason', reason) FROM ended
)
SELECT id FROM cancelled;
