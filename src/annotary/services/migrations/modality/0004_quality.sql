-- Tasks whose answers differ: merged outside every other transaction, one after another, each within a bounded
-- time. One that cannot be merged is blocked, with the reason, until an answer changes or the task is requeued.
-- `asked_in` tells a merge that was asked for again while it ran: its result is dropped.
CREATE TABLE merges (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'blocked')),
    asked_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    reason text,
    CHECK (state <> 'blocked' OR reason IS NOT NULL)
);
CREATE INDEX merges_waiting ON merges (attempts, asked_in) WHERE state = 'waiting';
CREATE INDEX merges_blocked ON merges (project_id) WHERE state = 'blocked';

-- How an outcome was found: by which version of the aggregator, with what parameters, and in which run over the
-- project (null: when the task was done).
ALTER TABLE outcomes
    ADD COLUMN aggregator_version text NOT NULL DEFAULT '',
    ADD COLUMN parameters json NOT NULL DEFAULT '{}',
    ADD COLUMN run_id uuid,
    -- How sure its parts are, by tool: each label that anybody gave, each level, each span. Null where it has no parts.
    ADD COLUMN confidences json,
    -- The person who accepted or amended it: no run changes it any more.
    ADD COLUMN accepted_by uuid,
    -- The earlier version of the task that this one went back to, by a person's decision (`accepted_by`).
    ADD COLUMN reverts uuid CHECK (reverts IS NULL OR reverts <> id AND accepted_by IS NOT NULL);

-- What the live models learn from, found without reading the tasks that were answered once.
CREATE INDEX tasks_answered ON tasks (project_id, id) WHERE answered > 1;

-- Runs over the outcomes of a project: by an aggregator, or back to what was before another run (`reverts`).
CREATE TABLE consensus_runs (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    job_id uuid NOT NULL,
    aggregator text NOT NULL,
    parameters json NOT NULL DEFAULT '{}',
    reverts uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'succeeded', 'failed')),
    summary json,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state IN ('succeeded', 'failed')) = (ended_at IS NOT NULL))
);
CREATE INDEX consensus_runs_of ON consensus_runs (project_id, id);
CREATE INDEX outcomes_of_run ON outcomes (run_id, task_id) WHERE run_id IS NOT NULL;

-- Batches with a target: what was decided about their tasks so far; see quality/overlap/values.py.
CREATE TABLE overlap_batches (
    batch_id uuid PRIMARY KEY,
    decided bigint NOT NULL,
    confidence_sum double precision NOT NULL,
    extended bigint NOT NULL,
    gains bigint[] NOT NULL
);
