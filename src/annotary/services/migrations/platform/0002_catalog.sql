-- The catalog and long work: what only the platform keeps.

CREATE TABLE ontologies (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL,
    modality text NOT NULL CHECK (modality IN ('text', 'image', 'video')),
    version integer NOT NULL DEFAULT 1,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX ontologies_name ON ontologies (organisation_id, name);

CREATE TABLE datasets (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL,
    modality text NOT NULL CHECK (modality IN ('text', 'image', 'video')),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX datasets_name ON datasets (organisation_id, name) WHERE state = 'active';

-- An item's payload is what annotators see; its asset is named by content hash inside the payload.
-- No foreign keys here: a million rows are copied in at once, by one importer that has checked them.
CREATE TABLE items (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    dataset_id uuid NOT NULL,
    unique_id text NOT NULL,
    payload json NOT NULL,
    metadata json,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    deleted_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX items_unique ON items (dataset_id, unique_id);

-- Bytes named by their BLAKE3 hash: the same bytes are the same asset. A referenced asset lives elsewhere.
CREATE TABLE assets (
    organisation_id uuid NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    media_type text NOT NULL,
    source text NOT NULL DEFAULT 'stored' CHECK (source IN ('stored', 'path', 'url')),
    location text NOT NULL,
    facts json NOT NULL DEFAULT '{}',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organisation_id, hash)
);

CREATE TABLE uploads (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    created_by uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    chunk_bytes integer NOT NULL CHECK (chunk_bytes > 0),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'complete', 'abandoned')),
    asset_hash bytea,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((state = 'complete') = (asset_hash IS NOT NULL))
);

CREATE TABLE upload_chunks (
    upload_id uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    size_bytes integer NOT NULL CHECK (size_bytes > 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (upload_id, number)
);

-- Long work with progress: imports, exports, releases. `checkpoint` is where a run that was killed is taken up
-- again; `run` numbers the runs, and only the latest may write.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    project_id uuid,
    kind text NOT NULL,
    service text NOT NULL CHECK (service IN ('platform', 'text', 'image', 'video')),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
    request json NOT NULL,
    progress json NOT NULL DEFAULT '{}',
    checkpoint json,
    run integer NOT NULL DEFAULT 0,
    result json,
    error json,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    ended_at timestamptz,
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX jobs_of ON jobs (organisation_id, id);

-- Rows an import refused, by line; the rest went in.
CREATE TABLE import_refusals (
    job_id uuid NOT NULL,
    line bigint NOT NULL,
    path text,
    reason text NOT NULL,
    PRIMARY KEY (job_id, line)
);

-- Consumers of the platform's log wait on this channel. The platform writes little, so the
-- notification's commit lock is no price; the modalities' logs are polled instead.
CREATE FUNCTION tell_consumers() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('platform_events', ''); RETURN NULL; END $$;
CREATE TRIGGER events_told AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION tell_consumers();
