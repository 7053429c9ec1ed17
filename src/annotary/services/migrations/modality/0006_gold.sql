-- Known answers, each with the task that carries it. What the task was before is kept, to go back to.
CREATE TABLE gold_tasks (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'retired', 'suspect', 'returned')),
    qualification boolean NOT NULL DEFAULT false,
    source text NOT NULL CHECK (source IN ('manager', 'outcome', 'import')),
    answer json NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    ontology_version_id uuid NOT NULL,
    reason text,
    state_before text NOT NULL CHECK (state_before IN ('open', 'paused', 'done')),
    overlap_before smallint NOT NULL,
    assignments_before uuid[] NOT NULL,
    -- Exposures are what the task was answered and leased beyond this; a task that comes back begins anew.
    exposed_before integer NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK (state <> 'suspect' OR reason IS NOT NULL)
);
CREATE INDEX gold_tasks_of ON gold_tasks (project_id, task_id);

-- What the draws of a project are keyed with, so that nobody who knows the code can tell when gold is next.
CREATE TABLE gold_seeds (
    project_id uuid PRIMARY KEY,
    seed uuid NOT NULL DEFAULT gen_random_uuid()
);

-- How far an answer agrees with what is known: with a known answer (gold, qualification), or with the outcome it
-- counted for (consensus, review). One row a submission; `asked_in` tells a judgement that was asked for again.
CREATE TABLE judged_answers (
    submission_id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('gold', 'qualification', 'review', 'consensus')),
    outcome_id uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'judged', 'failed', 'void')),
    asked_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    score real CHECK (score BETWEEN 0 AND 1),
    labels json,
    reason text,
    answered_at timestamptz NOT NULL,
    CHECK ((source IN ('review', 'consensus')) = (outcome_id IS NOT NULL)),
    CHECK (state <> 'judged' OR score IS NOT NULL)
);
CREATE INDEX judged_answers_waiting ON judged_answers (attempts, submission_id) WHERE state = 'waiting';
CREATE INDEX judged_answers_of_member ON judged_answers (project_id, member_id, (source = 'consensus'), submission_id)
    WHERE state = 'judged';
CREATE INDEX judged_answers_of_task ON judged_answers (task_id);

-- What the log has said of an annotator's answers up to the sequence `counted_to`, and when the annotator is looked at
-- next. Held while `annotators` is written, so that a claim never waits for whoever waits for a claim.
CREATE TABLE annotator_counts (
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    answers bigint NOT NULL DEFAULT 0,
    gold_due smallint NOT NULL DEFAULT 0 CHECK (gold_due >= 0),
    counted_to bigint NOT NULL DEFAULT 0,
    due_at timestamptz,
    PRIMARY KEY (project_id, member_id)
) WITH (fillfactor = 80);
CREATE INDEX annotator_counts_due ON annotator_counts (due_at) WHERE due_at IS NOT NULL;

-- What earned an annotator a gold task, each once: an answer that was drawn, or gold that was given out and not answered.
CREATE TABLE gold_earned (
    cause uuid PRIMARY KEY
);

-- An annotator's skill as it was known at the end of each day on which it changed.
CREATE TABLE skill_days (
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    day date NOT NULL,
    skill real NOT NULL,
    low real NOT NULL,
    high real NOT NULL,
    gold_answers integer NOT NULL,
    gold_score real,
    agreed_answers integer NOT NULL,
    agreed_score real,
    labels json NOT NULL,
    PRIMARY KEY (project_id, member_id, day),
    CHECK (0 <= low AND low <= skill AND skill <= high AND high <= 1)
);

-- Tasks that are kept for somebody, whatever their state: a pause frees them. Gold's pools are the ids up to 3.
CREATE INDEX tasks_reserved ON tasks (project_id, reserved_for)
    WHERE reserved_for > '00000000-0000-0000-0000-000000000003';

-- Pauses, and what of the annotator's recent work was asked for again: submissions up to `looked_to` were looked at.
CREATE TABLE pauses (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'requeuing', 'done')),
    reason text NOT NULL,
    paused_by uuid,
    paused_at timestamptz NOT NULL,
    paused_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    requeue_from timestamptz,
    looked_to uuid,
    resumed_at timestamptz
);
CREATE UNIQUE INDEX pauses_standing ON pauses (project_id, member_id) WHERE resumed_at IS NULL;
CREATE INDEX pauses_of ON pauses (project_id, member_id, resumed_at);
CREATE INDEX pauses_under_way ON pauses (id) WHERE state <> 'done';

-- An answer is set aside once for a pause, whatever is killed in between.
CREATE TABLE requeued_answers (
    pause_id uuid NOT NULL,
    assignment_id uuid NOT NULL,
    submission_id uuid NOT NULL,
    task_id uuid NOT NULL,
    PRIMARY KEY (pause_id, assignment_id)
);
