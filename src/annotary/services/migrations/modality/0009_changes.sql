-- Changes of many stored answers at once: label migrations, corrections, and those that take either back.

-- One change of a project's answers. `part` and `after` say how far it has come, and commit with what it did, so that
-- a run that is killed is taken up where it stood. `run` numbers the runs: only the latest may write.
-- A change that `follows` has been through everything, and still takes what leases of older versions bring.
CREATE TABLE answer_changes (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('migration', 'correction', 'rollback')),
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    -- Where a migration brings answers; of what a rollback takes back, where they were brought.
    ontology_version_id uuid NOT NULL,
    -- What it is told: ambiguous answers, filter, steps (JSON).
    request json NOT NULL,
    reverts uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN
        ('proposed', 'waiting', 'running', 'paused', 'following', 'succeeded', 'failed', 'cancelled')),
    run integer NOT NULL DEFAULT 0,
    job_id uuid,
    part smallint NOT NULL DEFAULT 0,
    after uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    total bigint,
    counts json NOT NULL DEFAULT '{}',
    reason text,
    created_by uuid,
    approved_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    ended_at timestamptz,
    CHECK ((kind = 'rollback') = (reverts IS NOT NULL)),
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX answer_changes_of ON answer_changes (project_id, id);
-- One at a time in a project: what one has read, no other changes before it is written.
CREATE UNIQUE INDEX answer_changes_live ON answer_changes (project_id) WHERE state IN ('waiting', 'running', 'paused');
CREATE INDEX answer_changes_following ON answer_changes (id) WHERE state = 'following';

-- What answers were before a change: the subject's row holds the version that counts, this table those before it.
-- Without an `answer` the bytes stayed as they were, and only the ontology version did not. `written_hash` is of what
-- the change put in their place: it tells whether the subject was written again since.
CREATE TABLE answer_versions (
    subject_id uuid NOT NULL,
    change_id uuid NOT NULL,
    answer json,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    ontology_version_id uuid NOT NULL,
    written_hash bytea NOT NULL,
    PRIMARY KEY (subject_id, change_id)
);

-- Answers that a change left as they were, with the reason: people have to decide, or the result would not be valid.
CREATE TABLE unchanged_answers (
    change_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    task_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    paths text[] NOT NULL,
    requeued boolean NOT NULL DEFAULT false,
    PRIMARY KEY (change_id, subject_id)
);

-- How fast each process of the service gives out tasks, told once a second: what background work is throttled by.
-- Unlogged, since it is of no use a second later.
CREATE UNLOGGED TABLE claim_paces (
    process_id integer PRIMARY KEY,
    claims integer NOT NULL,
    p99_seconds real NOT NULL,
    noted_at timestamptz NOT NULL
);

-- Answers refused as invalid, by the version they were checked against: what a version on trial is watched by.
CREATE TABLE refused_answers (
    project_id uuid NOT NULL,
    ontology_version_id uuid NOT NULL,
    minute timestamptz NOT NULL,
    refusals bigint NOT NULL CHECK (refusals > 0),
    PRIMARY KEY (project_id, ontology_version_id, minute)
);
