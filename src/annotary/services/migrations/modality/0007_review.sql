-- Second looks at outcomes, what was remarked about them, samples drawn to know how good they are, contradictions.

-- One look at one version of an outcome. A *round* is an outcome with what it was amended to: nobody holds or has
-- given two looks in one round, so that nobody judges their own verdict or amendment.
CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('stage', 'audit', 'contradiction')),
    audit_id uuid,
    round_id uuid NOT NULL,
    level smallint NOT NULL,
    levels smallint NOT NULL CHECK (levels >= 1),
    outcome_id uuid NOT NULL,
    outcome_version integer NOT NULL,
    reason text,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'leased', 'decided', 'withdrawn')),
    order_key timestamptz NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    member_id uuid,
    claimed_at timestamptz,
    expires_at timestamptz,
    verdict text CHECK (verdict IN ('accepted', 'rejected', 'amended')),
    comment text NOT NULL DEFAULT '',
    diff json,
    -- What an amendment became; null too where the outcome looked at was no longer the current one.
    amended_to uuid,
    -- Whether the verdict could have its effect: that of an audit stands even where the outcome has given way.
    effective boolean,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK (level BETWEEN 1 AND levels),
    CHECK ((purpose = 'audit') = (audit_id IS NOT NULL)),
    CHECK ((state = 'leased') = (expires_at IS NOT NULL)),
    CHECK ((state IN ('leased', 'decided')) = (member_id IS NOT NULL)),
    CHECK ((state = 'decided') = (verdict IS NOT NULL)),
    CHECK ((verdict IS NULL) = (effective IS NULL)),
    CHECK ((verdict = 'amended') IS TRUE OR amended_to IS NULL),
    CHECK ((state IN ('decided', 'withdrawn')) = (ended_at IS NOT NULL))
) WITH (fillfactor = 80);
-- Never two looks on one level of a round.
CREATE UNIQUE INDEX reviews_of_level ON reviews (round_id, level) WHERE purpose = 'stage' AND state <> 'withdrawn';
CREATE UNIQUE INDEX reviews_once_each ON reviews (round_id, member_id) WHERE state IN ('leased', 'decided');
CREATE UNIQUE INDEX reviews_of_contradiction ON reviews (outcome_id)
    WHERE purpose = 'contradiction' AND state <> 'withdrawn';
CREATE UNIQUE INDEX reviews_of_audit ON reviews (audit_id, outcome_id) WHERE audit_id IS NOT NULL;
CREATE INDEX reviews_claimable ON reviews (project_id, order_key, id) WHERE state = 'open';
CREATE INDEX reviews_held ON reviews (member_id, expires_at) WHERE state = 'leased';
CREATE INDEX reviews_of_task ON reviews (task_id, id);
CREATE INDEX reviews_of_project ON reviews (project_id, id);
CREATE INDEX reviews_amended ON reviews (amended_to) WHERE amended_to IS NOT NULL;

-- Remarks pinned to a place in an answer or in its item.
CREATE TABLE issues (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    review_id uuid,
    outcome_id uuid,
    place json,
    text text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
    raised_by uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    resolved_by uuid,
    resolved_at timestamptz,
    CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
    CHECK ((resolved_by IS NULL) = (resolved_at IS NULL))
);
CREATE INDEX issues_of_task ON issues (task_id, id);
CREATE INDEX issues_of_project ON issues (project_id, id);

CREATE TABLE issue_comments (
    id uuid PRIMARY KEY,
    issue_id uuid NOT NULL,
    member_id uuid NOT NULL,
    text text NOT NULL,
    written_at timestamptz NOT NULL
);
CREATE INDEX issue_comments_of ON issue_comments (issue_id, id);

-- A simple random sample of the outcomes accepted at one moment; its members are the reviews that name it.
CREATE TABLE audits (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    batch_id uuid,
    member_id uuid,
    seed bigint NOT NULL,
    population bigint NOT NULL CHECK (population >= 0),
    size bigint NOT NULL CHECK (size BETWEEN 0 AND population),
    margin real,
    confidence real NOT NULL CHECK (confidence > 0 AND confidence < 1),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX audits_of ON audits (project_id, id);

-- What a check for contradictions found; `wanted` is what is to come of it.
CREATE TABLE contradictions (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL,
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('identical', 'near_duplicate', 'track', 'label_error')),
    task_id uuid NOT NULL,
    outcome_id uuid NOT NULL,
    other_task_id uuid,
    score real NOT NULL CHECK (score BETWEEN 0 AND 1),
    reason text NOT NULL,
    wanted text NOT NULL CHECK (wanted IN ('report', 'review', 'requeue')),
    found_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX contradictions_of ON contradictions (project_id, run_id, id);
CREATE INDEX contradictions_of_task ON contradictions (task_id);
