-- What the log says of one task, item or version, found without an entry for each event: a Bloom filter over the
-- subjects of every few thousand events. Writing an event costs next to nothing by it.
CREATE INDEX events_about ON events USING brin (subject_id uuid_bloom_ops) WITH (autosummarize = on);
