-- How many answers came in, by hour and member: what a chart of a project's pace is drawn from, however many there are.

-- Kept up by a consumer of the log. `labels` are first answers and `revisions` second thoughts in the hour that they were
-- committed in; `discounted` are answers of that hour that count no more.
CREATE TABLE pace_hours (
    project_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    member_id uuid NOT NULL,
    labels bigint NOT NULL CHECK (labels >= 0),
    revisions bigint NOT NULL CHECK (revisions >= 0),
    discounted bigint NOT NULL CHECK (discounted >= 0),
    worked_milliseconds bigint NOT NULL CHECK (worked_milliseconds >= 0),
    PRIMARY KEY (project_id, hour, member_id)
) WITH (fillfactor = 70);

-- `hop_minutes` summed up by the hour: a week of a large project is read from these.
CREATE TABLE hop_hours (
    project_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    hop text NOT NULL,
    why text NOT NULL DEFAULT '',
    bucket smallint NOT NULL CHECK (bucket >= 0),
    labels bigint NOT NULL CHECK (labels > 0),
    sum_microseconds bigint NOT NULL CHECK (sum_microseconds >= 0),
    slowest_microseconds bigint NOT NULL,
    submission_id uuid NOT NULL,
    trace_id text,
    PRIMARY KEY (project_id, hour, hop, why, bucket)
) WITH (fillfactor = 70);
CREATE INDEX hop_hours_age ON hop_hours (hour);
