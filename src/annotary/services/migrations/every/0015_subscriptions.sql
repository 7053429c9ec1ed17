-- Durable subscriptions: programs outside that follow the log by name, with their positions kept here.

-- Into which of so many lanes a subject falls: always the same one.
CREATE FUNCTION lane_of(subject_id uuid, lanes bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (uuid_hash_extended(subject_id, 0) & 9223372036854775807) % lanes;

CREATE TABLE subscriptions (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Whose it is: what this member may see is delivered, and only this member takes it.
    member_id uuid NOT NULL,
    name text NOT NULL,
    types text[] NOT NULL,
    project_id uuid,
    lanes smallint NOT NULL CHECK (lanes BETWEEN 1 AND 32),
    lease_seconds integer NOT NULL CHECK (lease_seconds > 0),
    tries_most smallint NOT NULL CHECK (tries_most > 0),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (organisation_id, name)
);

-- A lane is given to one handler at a time. Its position is that of the consumer `subscription/<id>/<lane>`, so
-- that a restored backup puts it where it stood. `given` are the events that were given out and not yet
-- acknowledged, in order, up to `end`: what lies between them is not for this lane. `again`: it is a parked one, once
-- more. `lot` is how many it gets at once: half as many after a lease that ended without a word, until the event at
-- fault is alone; `tried` is that event, or one that a handler said it failed at.
CREATE TABLE subscription_lanes (
    subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    lane smallint NOT NULL,
    lease uuid,
    expires_at timestamptz,
    given_transactions bigint[] NOT NULL DEFAULT '{}',
    given_sequences bigint[] NOT NULL DEFAULT '{}',
    end_transaction bigint NOT NULL DEFAULT 0,
    end_sequence bigint NOT NULL DEFAULT 0,
    again boolean NOT NULL DEFAULT false,
    lot integer NOT NULL CHECK (lot > 0),
    tried bigint,
    tries smallint NOT NULL DEFAULT 0,
    rests_until timestamptz,
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscription_id, lane),
    CHECK ((lease IS NULL) = (expires_at IS NULL)),
    CHECK (cardinality(given_transactions) = cardinality(given_sequences))
);

-- Events that a subscription's handlers could not deal with, put aside so that they hold nothing up. Those that are
-- wanted again (`again`) are given out before what is new in their lane.
CREATE TABLE subscription_parked (
    subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    transaction_id xid8 NOT NULL,
    sequence bigint NOT NULL,
    lane smallint NOT NULL,
    tries smallint NOT NULL,
    reason text NOT NULL,
    again boolean NOT NULL DEFAULT false,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscription_id, sequence)
);
