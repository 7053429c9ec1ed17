-- The work of one modality: batches, tasks, leases, submissions, outcomes.

CREATE TABLE batches (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    deadline timestamptz,
    overlap smallint NOT NULL CHECK (overlap BETWEEN 1 AND 100),
    -- The quality to reach by dynamic overlap; `overlap` is then the least. Null: a fixed overlap.
    target json,
    -- Whose skill is below this gets none of the batch's tasks; 0: anybody may.
    skill_minimum real NOT NULL DEFAULT 0 CHECK (skill_minimum BETWEEN 0 AND 1),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paused', 'cancelled')),
    order_key timestamptz NOT NULL,
    -- Tasks are given out in an order that this secret makes, one a batch; null: in the order in which they came in.
    shuffle_seed bytea CHECK (octet_length(shuffle_seed) = 16),
    tasks_total bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX batches_of ON batches (project_id, id);

-- Where a task of a batch stands: where the batch does, and of a shuffled one up to 2^24 microseconds later.
-- It is a keyed hash, so that ids, which show the order of import, do not show this order too.
CREATE FUNCTION place_in_batch(order_key timestamptz, shuffle_seed bytea, task_id uuid) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN CASE WHEN shuffle_seed IS NULL THEN order_key
    ELSE order_key + interval '1 microsecond'
        * ('x' || encode(substr(sha256(shuffle_seed || uuid_send(task_id)), 1, 3), 'hex'))::bit(24)::integer END;

-- What changes while a task is worked on: narrow, because every claim and submit writes a new row version.
-- `leased + answered <= overlap` makes over-assignment impossible, whatever the code does.
CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    stage text NOT NULL DEFAULT 'annotate' CHECK (stage IN ('annotate', 'review')),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paused', 'done', 'cancelled', 'gold')),
    overlap smallint NOT NULL CHECK (overlap BETWEEN 1 AND 100 OR state = 'gold'),
    leased smallint NOT NULL DEFAULT 0 CHECK (leased >= 0),
    answered smallint NOT NULL DEFAULT 0 CHECK (answered >= 0),
    fence bigint NOT NULL DEFAULT 0,
    order_key timestamptz NOT NULL,
    -- Nobody is the zero id, not null: the claim's order comes from the index only where this column is equal to something.
    -- Gold tasks are kept for the pools 1 (mixed in) and 2 (qualification).
    reserved_for uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    CHECK (leased + answered <= overlap)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);

-- Holds only what can be claimed: it does not grow with finished work.
CREATE INDEX tasks_claimable ON tasks (project_id, reserved_for, order_key, id)
    WHERE state = 'open' AND leased + answered < overlap;
-- Gold tasks of one pool, the one served longest ago first.
CREATE INDEX tasks_gold ON tasks (project_id, reserved_for, order_key, id) WHERE state = 'gold';

-- What never changes about a task, written once.
CREATE TABLE task_items (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    item_id uuid NOT NULL,
    unique_id text NOT NULL,
    payload json NOT NULL,
    suggestions json,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX task_items_unique ON task_items (project_id, unique_id);

CREATE TABLE assignments (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    fence bigint NOT NULL,
    state text NOT NULL DEFAULT 'leased'
        CHECK (state IN ('leased', 'submitted', 'skipped', 'released', 'expired', 'revoked', 'set_aside')),
    ontology_version_id uuid NOT NULL,
    instructions_version integer NOT NULL,
    submission_id uuid,
    claimed_with uuid,
    claimed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    reason text,
    CHECK ((state = 'leased') = (ended_at IS NULL)),
    CHECK (state <> 'submitted' OR submission_id IS NOT NULL)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
-- Nobody holds, has answered or has skipped the same task twice, nor is asked again where their answer was set aside.
CREATE UNIQUE INDEX assignments_once ON assignments (task_id, member_id)
    WHERE state IN ('leased', 'submitted', 'skipped', 'set_aside');
CREATE INDEX assignments_live ON assignments (member_id, expires_at) WHERE state = 'leased';
CREATE INDEX assignments_claimed_with ON assignments (claimed_with) WHERE claimed_with IS NOT NULL;

-- How an annotator stands on a project, once there is something to say; without a row, as the project's
-- `entry` and `gold_first` have it. `skill` is null while it is not known.
CREATE TABLE annotators (
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'qualifying', 'paused')),
    reason text,
    skill real CHECK (skill BETWEEN 0 AND 1),
    gold_waiting smallint NOT NULL DEFAULT 0 CHECK (gold_waiting >= 0),
    answers bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (project_id, member_id)
) WITH (fillfactor = 80);

-- Whole answers, immutable. A revision is a new row; the assignment points at the one that counts.
CREATE TABLE submissions (
    id uuid PRIMARY KEY,
    assignment_id uuid NOT NULL,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    ontology_version_id uuid NOT NULL,
    instructions_version integer NOT NULL,
    answer json NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    seconds real NOT NULL CHECK (seconds >= 0),
    suggested_by uuid[],
    supersedes uuid,
    received_at timestamptz NOT NULL,
    committed_at timestamptz NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.1);
CREATE INDEX submissions_of_task ON submissions (task_id, member_id);
-- A submission is superseded once at most.
CREATE UNIQUE INDEX submissions_supersede ON submissions (supersedes) WHERE supersedes IS NOT NULL;

CREATE FUNCTION hash_of(document json) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(convert_to(document::text, 'UTF8')) $$;

-- An answer being written; kept when its lease was lost, so that nothing is typed twice.
CREATE TABLE drafts (
    id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    task_id uuid NOT NULL,
    member_id uuid NOT NULL,
    assignment_id uuid NOT NULL,
    project_id uuid NOT NULL,
    -- Under which version it is written: that of the lease, until a migration carries it further.
    ontology_version_id uuid NOT NULL,
    answer json NOT NULL,
    -- SHA-256, which the database has, over the bytes: a draft need not be an answer yet, so it has no canonical form.
    content_hash bytea NOT NULL GENERATED ALWAYS AS (hash_of(answer)) STORED,
    version integer NOT NULL DEFAULT 1,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (task_id, member_id)
);

CREATE TABLE predictions (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    -- What it was checked against; null where that is not known.
    ontology_version_id uuid,
    model text NOT NULL,
    model_version text NOT NULL,
    score real,
    answer json NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (task_id, model, model_version)
);

-- A task's agreed answer, versioned; the current one is the one not superseded.
CREATE TABLE outcomes (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    state text NOT NULL DEFAULT 'accepted' CHECK (state IN ('proposed', 'accepted', 'withdrawn')),
    answer json NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    ontology_version_id uuid NOT NULL,
    aggregator text NOT NULL,
    confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    agreement real CHECK (agreement BETWEEN 0 AND 1),
    submission_ids uuid[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    superseded_at timestamptz,
    UNIQUE (task_id, version)
);
CREATE UNIQUE INDEX outcomes_current ON outcomes (project_id, task_id) WHERE superseded_at IS NULL;

-- Chunks of an import or release that are in: doing a chunk again has no effect.
CREATE TABLE released_chunks (
    job_id uuid NOT NULL,
    number integer NOT NULL,
    tasks integer NOT NULL,
    released_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (job_id, number)
);
