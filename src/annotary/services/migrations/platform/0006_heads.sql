-- What binds the chains of an organisation's services to each other, and is published outside the database.

-- The last segment of each service, as its appender told it.
CREATE TABLE service_heads (
    organisation_id uuid NOT NULL,
    service text NOT NULL,
    segment bigint NOT NULL CHECK (segment > 0),
    events bigint NOT NULL CHECK (events > 0),
    segment_hash bytea NOT NULL CHECK (octet_length(segment_hash) = 32),
    PRIMARY KEY (organisation_id, service)
);

-- An organisation's heads, each as it was published: an object of the same content lies in the object store.
CREATE TABLE organisation_heads (
    organisation_id uuid NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    statement text NOT NULL,
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (organisation_id, number)
);
