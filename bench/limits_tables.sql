-- The tables of a label, as the text service has them, with tasks to claim.
DROP SCHEMA IF EXISTS bench_limit CASCADE;
CREATE SCHEMA bench_limit;
SET search_path = bench_limit;
CREATE TABLE tasks (LIKE text.tasks INCLUDING ALL) WITH (fillfactor = 80);
CREATE TABLE task_items (LIKE text.task_items INCLUDING ALL);
CREATE TABLE assignments (LIKE text.assignments INCLUDING ALL) WITH (fillfactor = 80);
CREATE TABLE submissions (LIKE text.submissions INCLUDING ALL);
CREATE TABLE events (LIKE text.events INCLUDING ALL);
CREATE TABLE idempotency_keys (LIKE text.idempotency_keys INCLUDING ALL);
CREATE TABLE members AS SELECT number - 1 AS client, gen_random_uuid() AS id FROM generate_series(1, 32) AS number;
CREATE UNIQUE INDEX members_of_clients ON members (client);
INSERT INTO tasks (id, project_id, batch_id, organisation_id, overlap, order_key)
    SELECT uuidv7(), '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001',
        '00000000-0000-0000-0000-000000000001', 1, now()
    FROM generate_series(1, :tasks);
INSERT INTO task_items (task_id, project_id, item_id, unique_id, payload, created_at)
    SELECT id, project_id, id, id::text, json_build_object('text', repeat('0123456789', 20)), now() FROM tasks;
