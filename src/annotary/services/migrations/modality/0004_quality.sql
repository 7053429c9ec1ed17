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
