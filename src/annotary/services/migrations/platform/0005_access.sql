-- Signing in: passwords, attempts at them, invitations. Only the platform has these: no modality needs a copy.

-- scrypt (RFC 7914) of a password; the cost stands beside it, so that it can be raised for new ones.
CREATE TABLE passwords (
    member_id uuid PRIMARY KEY REFERENCES members,
    organisation_id uuid NOT NULL,
    salt bytea NOT NULL CHECK (octet_length(salt) = 16),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    cost integer NOT NULL CHECK (cost > 1),
    block_size smallint NOT NULL CHECK (block_size > 0),
    parallelism smallint NOT NULL CHECK (parallelism > 0),
    changed_at timestamptz NOT NULL
);

-- How many attempts an address, an e-mail and the two together have made, as the moment when all are forgiven
-- (GCRA, ITU-T I.371). Keys are keyed hashes: whoever reads this learns no e-mail that was tried.
CREATE TABLE sign_in_attempts (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    forgiven_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_old ON sign_in_attempts (forgiven_at);

-- Links by which somebody becomes a member, or by which a member sets a password anew (`reset`).
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    kind text NOT NULL CHECK (kind IN ('invitation', 'reset')),
    role text NOT NULL CHECK (role IN ('owner', 'manager', 'reviewer', 'annotator')),
    name text,
    email text,
    projects json NOT NULL DEFAULT '[]',
    hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'withdrawn')),
    -- Whom a reset is for; who came by an invitation.
    member_id uuid REFERENCES members,
    created_by uuid NOT NULL REFERENCES members,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK (kind = 'invitation' OR member_id IS NOT NULL),
    CHECK (state <> 'accepted' OR member_id IS NOT NULL)
);
CREATE INDEX invitations_of ON invitations (organisation_id, id);
CREATE INDEX invitations_open ON invitations (created_by) WHERE state = 'open';
