-- What every service's schema has: the log, its consumers, replies kept for repeated requests,
-- and who may do what on which project. The platform owns the rows of the last part; every modality
-- keeps a copy of them, filled from the platform's events, so that no claim or submit calls the platform.

-- Steps the database's clock in tests; empty in production.
CREATE TABLE clock_steps (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    step interval NOT NULL
);

CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT clock_timestamp() + coalesce((SELECT step FROM clock_steps), interval '0') $$;

-- Facts. A reader takes only rows of transactions older than every open one
-- (transaction_id < pg_snapshot_xmin(pg_current_snapshot())), so it never passes over a late commit.
CREATE TABLE events (
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    organisation_id uuid NOT NULL,
    type text NOT NULL,
    schema_version smallint NOT NULL DEFAULT 1,
    subject_id uuid NOT NULL,
    actor_id uuid,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    data json NOT NULL,
    -- Of the request that made the change (W3C Trace Context), where it was traced: set for its transaction.
    traceparent text DEFAULT nullif(current_setting('annotary.traceparent', true), '')
        CHECK (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'),
    PRIMARY KEY (transaction_id, sequence)
);

-- How far each consumer has come in the log of each source service.
CREATE TABLE consumers (
    name text NOT NULL,
    source text NOT NULL,
    transaction_id xid8 NOT NULL DEFAULT '0',
    sequence bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, source)
);

-- Events a consumer could not handle, with the reason: parked so that they hold nothing up.
CREATE TABLE parked_events (
    consumer text NOT NULL,
    source text NOT NULL,
    sequence bigint NOT NULL,
    reason text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, source, sequence)
);

CREATE TABLE idempotency_keys (
    member_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    status smallint,
    reply bytea,
    reference_id uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (member_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys USING brin (created_at);

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE members (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name text NOT NULL,
    email text,
    role text NOT NULL CHECK (role IN ('owner', 'manager', 'reviewer', 'annotator')),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'removed')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at timestamptz,
    CHECK ((state = 'removed') = (removed_at IS NOT NULL))
);
CREATE INDEX members_of ON members (organisation_id, id);
CREATE UNIQUE INDEX members_email ON members (organisation_id, lower(email)) WHERE state = 'active' AND email IS NOT NULL;

-- What somebody shows to be somebody: a token in a header, or a session in a cookie. A session that is used
-- is put off (`expires_at`) until `ends_at`; it ends with the token it was made with (`made_with`).
CREATE TABLE tokens (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'token' CHECK (kind IN ('token', 'session')),
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    made_with uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    ends_at timestamptz,
    revoked_at timestamptz,
    CHECK (kind = 'token' AND ends_at IS NULL OR kind = 'session' AND expires_at <= ends_at)
);
CREATE INDEX tokens_of ON tokens (member_id, id);
CREATE INDEX tokens_made_with ON tokens (made_with) WHERE made_with IS NOT NULL;

CREATE TABLE ontology_versions (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    ontology_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    modality text NOT NULL CHECK (modality IN ('text', 'image', 'video')),
    definition json NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    -- The version that this one was made from, and the steps (JSON) that lead from there; null: none were told.
    follows uuid,
    steps json,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (ontology_id, number),
    CHECK (steps IS NULL OR follows IS NOT NULL)
);
CREATE INDEX ontology_versions_by_hash ON ontology_versions (organisation_id, content_hash);

CREATE TABLE projects (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name text NOT NULL,
    modality text NOT NULL CHECK (modality IN ('text', 'image', 'video')),
    ontology_id uuid NOT NULL,
    ontology_version_id uuid NOT NULL,
    -- A version on trial: the claim pins it for this share of the tasks (`on_trial`), always the same ones.
    canary_version_id uuid,
    canary_share real NOT NULL DEFAULT 0 CHECK (canary_share BETWEEN 0 AND 1),
    CHECK (canary_share = 0 OR canary_version_id IS NOT NULL),
    instructions_version integer NOT NULL DEFAULT 0,
    overlap smallint NOT NULL DEFAULT 1 CHECK (overlap BETWEEN 1 AND 100),
    lease_seconds integer NOT NULL DEFAULT 1800 CHECK (lease_seconds > 0),
    weight real NOT NULL DEFAULT 1 CHECK (weight > 0),
    quality json NOT NULL DEFAULT '{}',
    -- What the claim needs of `quality`: how a member without a row of their own begins.
    gold_first smallint NOT NULL DEFAULT 0 CHECK (gold_first >= 0),
    entry text NOT NULL DEFAULT 'active' CHECK (entry IN ('active', 'qualifying')),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'deleted')),
    version integer NOT NULL DEFAULT 1,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX projects_of ON projects (organisation_id, id);

CREATE TABLE project_members (
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('manager', 'reviewer', 'annotator')),
    PRIMARY KEY (project_id, member_id)
);
CREATE INDEX project_members_of ON project_members (member_id);

CREATE TABLE instructions (
    project_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    body text NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (project_id, version)
);

-- Caches of these tables are cleared when they change. Rarely written, so the notification is no price.
CREATE FUNCTION tell_caches() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('changed_' || TG_TABLE_SCHEMA, TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER organisations_told AFTER INSERT OR UPDATE OR DELETE ON organisations FOR EACH STATEMENT EXECUTE FUNCTION tell_caches();
CREATE TRIGGER members_told AFTER INSERT OR UPDATE OR DELETE ON members FOR EACH STATEMENT EXECUTE FUNCTION tell_caches();
CREATE TRIGGER tokens_told AFTER INSERT OR UPDATE OR DELETE ON tokens FOR EACH STATEMENT EXECUTE FUNCTION tell_caches();
CREATE TRIGGER projects_told AFTER INSERT OR UPDATE OR DELETE ON projects FOR EACH STATEMENT EXECUTE FUNCTION tell_caches();
CREATE TRIGGER project_members_told AFTER INSERT OR UPDATE OR DELETE ON project_members FOR EACH STATEMENT EXECUTE FUNCTION tell_caches();
