-- Stamps of a label that nothing else keeps, and how long its hops took, by the minute.

-- `first_input_at` is as the client told it; `group_opened_at` is when the answer joined the group that it was
-- committed in, `flushed_at` when and `flushed_why` for what reason the group was handed to the database.
ALTER TABLE submissions
    ADD COLUMN first_input_at timestamptz,
    ADD COLUMN group_opened_at timestamptz,
    ADD COLUMN flushed_at timestamptz,
    ADD COLUMN flushed_why text CHECK (flushed_why IN ('size', 'turn', 'pressure')),
    ADD COLUMN trace_id text;

-- When consensus took the event that the outcome answers; null where a run or a reviewer made it.
ALTER TABLE outcomes ADD COLUMN consumed_at timestamptz;
ALTER TABLE merges ADD COLUMN asked_at timestamptz NOT NULL DEFAULT now();

-- A time in microseconds since 1970 as eight bytes, for reading thousands of them at once; -2^62 stands for none.
CREATE FUNCTION stamp(at timestamptz) RETURNS bytea LANGUAGE sql STABLE
RETURN int8send(coalesce((date_part('epoch', at) * 1000000)::bigint, -4611686018427387904));

-- When a task, or all tasks of a batch or project, could be claimed again: a lease was given back, a pause ended.
CREATE TABLE eligibilities (
    subject_id uuid NOT NULL,
    eligible_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, eligible_at)
);
CREATE INDEX eligibilities_age ON eligibilities USING brin (eligible_at);

-- Logarithmic histograms of how long hops took, a hop in the minute it ended. They merge by addition.
-- The exemplar is the slowest label of its bucket.
CREATE TABLE hop_minutes (
    project_id uuid NOT NULL,
    minute timestamptz NOT NULL,
    hop text NOT NULL,
    why text NOT NULL DEFAULT '',
    bucket smallint NOT NULL CHECK (bucket >= 0),
    labels bigint NOT NULL CHECK (labels > 0),
    sum_microseconds bigint NOT NULL CHECK (sum_microseconds >= 0),
    slowest_microseconds bigint NOT NULL,
    submission_id uuid NOT NULL,
    trace_id text,
    PRIMARY KEY (project_id, minute, hop, why, bucket)
) WITH (fillfactor = 70);
CREATE INDEX hop_minutes_age ON hop_minutes (minute);

-- The same since the beginning, over all projects: what `/metrics` counts on with, whatever is swept or restarts.
CREATE TABLE hop_totals (
    hop text NOT NULL,
    why text NOT NULL DEFAULT '',
    bucket smallint NOT NULL CHECK (bucket >= 0),
    labels bigint NOT NULL CHECK (labels > 0),
    sum_microseconds numeric NOT NULL CHECK (sum_microseconds >= 0),
    last_microseconds bigint NOT NULL,
    last_at timestamptz NOT NULL,
    submission_id uuid NOT NULL,
    trace_id text,
    PRIMARY KEY (hop, why, bucket)
) WITH (fillfactor = 50);

-- Exports that are complete: each carries the outcomes that were accepted when it began.
CREATE TABLE exports_made (
    job_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= began_at)
);
CREATE INDEX exports_made_of ON exports_made (project_id, began_at);
