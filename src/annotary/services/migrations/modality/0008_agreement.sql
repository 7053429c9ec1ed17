-- Tasks of two and more counted answers, and what their answers say of each other (`compared`, JSON). What a task has
-- contributed to the sums below follows from its row alone, so it can be taken out again exactly.
-- `asked_in` tells a comparison that was asked for again while it ran: its result is dropped.
CREATE TABLE agreement_tasks (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'compared', 'failed')),
    asked_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    reason text,
    batch_id uuid,
    week date,
    member_ids uuid[],
    compared json,
    CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CHECK (state <> 'compared' OR compared IS NOT NULL),
    CHECK (compared IS NULL OR (batch_id IS NOT NULL AND week IS NOT NULL AND member_ids IS NOT NULL))
);
CREATE INDEX agreement_tasks_waiting ON agreement_tasks (attempts, asked_in) WHERE state = 'waiting';
CREATE INDEX agreement_tasks_open ON agreement_tasks (project_id, state) WHERE state <> 'compared';

-- Sums over the tasks of a bucket; whole numbers, so that what is taken out leaves no rounding. With the measure `classes`
-- they are coincidences: how many pairs of answers say `first` and `second`, of tasks with `size` answers. With any other they
-- are scores: `total` millionths over so many pairs, of tasks with `size` pairs. A key of many texts may be longer than an
-- index takes, so rows are found by its digest.
CREATE TABLE agreement_sums (
    project_id uuid NOT NULL,
    key bytea NOT NULL CHECK (octet_length(key) = 16),
    tool text NOT NULL,
    measure text NOT NULL,
    label text NOT NULL,
    week date NOT NULL,
    batch_id uuid NOT NULL,
    bucket smallint NOT NULL,
    size smallint NOT NULL CHECK (size > 0),
    first text NOT NULL,
    second text NOT NULL,
    pairs bigint NOT NULL CHECK (pairs >= 0),
    total bigint NOT NULL CHECK (total >= 0),
    PRIMARY KEY (project_id, key)
);
CREATE INDEX agreement_sums_empty ON agreement_sums (project_id) WHERE pairs = 0;

-- The same for each two annotators: over the tasks that both answered, with the squares of their scores.
CREATE TABLE agreement_pairs (
    project_id uuid NOT NULL,
    key bytea NOT NULL CHECK (octet_length(key) = 16),
    tool text NOT NULL,
    measure text NOT NULL,
    label text NOT NULL,
    one uuid NOT NULL,
    other uuid NOT NULL,
    first text NOT NULL,
    second text NOT NULL,
    tasks bigint NOT NULL CHECK (tasks >= 0),
    total bigint NOT NULL CHECK (total >= 0),
    squares numeric NOT NULL CHECK (squares >= 0),
    CHECK (one < other),
    PRIMARY KEY (project_id, key)
);
CREATE INDEX agreement_pairs_empty ON agreement_pairs (project_id) WHERE tasks = 0;
