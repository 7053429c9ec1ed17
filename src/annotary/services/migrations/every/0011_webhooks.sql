-- Webhooks: who outside is told of events. The platform's rows are the truth; every modality keeps a copy.
CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    url text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- Types that are wanted, or beginnings such as `outcome.*`; empty: all.
    event_types text[] NOT NULL DEFAULT '{}',
    -- Only what is about these projects; empty: the whole organisation.
    projects uuid[] NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled', 'removed')),
    -- Why it was disabled.
    reason text,
    CHECK ((state = 'disabled') = (reason IS NOT NULL)),
    -- Secrets are derived from the installation's key, the id and this number: none is stored.
    secret_number integer NOT NULL DEFAULT 1 CHECK (secret_number > 0),
    -- Until then the secret before this one signs as well.
    former_until timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX webhooks_of ON webhooks (organisation_id, id);

-- How far each webhook has come in this service's own log, and how its receiver does.
CREATE TABLE webhook_couriers (
    webhook_id uuid PRIMARY KEY,
    -- The webhook as the courier last began with it: a later version begins anew with what waits.
    webhook_version integer NOT NULL,
    transaction_id xid8 NOT NULL,
    sequence bigint NOT NULL,
    -- Events that are older are passed over.
    since timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since timestamptz,
    CHECK ((failures = 0) = (failing_since IS NULL)),
    -- Set: the circuit is open, until then for all, after that for one try.
    open_until timestamptz,
    -- Set: nothing more is sent, and the platform is to disable the webhook for this reason.
    gone_reason text
);

CREATE TABLE webhook_deliveries (
    webhook_id uuid NOT NULL,
    sequence bigint NOT NULL,
    transaction_id xid8 NOT NULL,
    type text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    -- The next try; while one is under way, when it counts as lost with its process.
    due_at timestamptz NOT NULL,
    deadline_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- What the last try came to: the code of the answer, if one came, what was wrong with it, how long it took.
    code smallint,
    reason text,
    seconds real,
    PRIMARY KEY (webhook_id, sequence),
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK (state <> 'dead' OR reason IS NOT NULL)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
