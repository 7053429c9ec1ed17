-- What tasks are looked for by, beside what changes with every claim: kept up behind the writers, by following the log.

CREATE TABLE task_facets (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    item_id uuid NOT NULL,
    dataset_id uuid,
    unique_id text COLLATE "C" NOT NULL,
    -- Labels of the current outcome; labels that any counted answer has; whose answers count.
    labels text[] NOT NULL DEFAULT '{}',
    said text[] NOT NULL DEFAULT '{}',
    member_ids uuid[] NOT NULL DEFAULT '{}',
    -- The outcome, or else the answers, in a few words: [{word, times, label}, ...].
    told json NOT NULL DEFAULT '[]',
    outcome_id uuid,
    outcome_state text,
    confidence real,
    agreement real,
    issues integer NOT NULL DEFAULT 0 CHECK (issues >= 0)
) WITH (fillfactor = 80);
CREATE INDEX task_facets_of ON task_facets (project_id, task_id);
CREATE INDEX task_facets_of_item ON task_facets (project_id, item_id);

-- The words of a task's item, and what its importer said about it. Apart, because it is wide and seldom asked for.
CREATE TABLE task_words (
    task_id uuid PRIMARY KEY,
    project_id uuid NOT NULL,
    words tsvector,
    metadata jsonb
);
CREATE INDEX task_words_words ON task_words USING gin (words);
CREATE INDEX task_words_metadata ON task_words USING gin (metadata jsonb_path_ops);

-- The tasks of a project that a filter finds, between two ids. What is null asks for nothing, and costs nothing where
-- the statement is planned for its values: the join as well, where neither states nor batches are asked for.
CREATE FUNCTION tasks_found(
    project uuid, since uuid, until uuid, chosen uuid[], states text[], batches uuid[], datasets uuid[],
    having_labels text[], having_said text[], members uuid[], agreements real[], confidences real[],
    having_issues boolean, prefix text, having_words text, having_metadata jsonb[]
) RETURNS TABLE (task_id uuid, state text)
LANGUAGE sql STABLE
AS $$
    SELECT f.task_id, t.state FROM task_facets f LEFT JOIN tasks t ON t.id = f.task_id
    WHERE f.project_id = project
        AND (since IS NULL OR f.task_id >= since) AND (until IS NULL OR f.task_id < until)
        AND (chosen IS NULL OR f.task_id = ANY(chosen))
        AND (states IS NULL OR t.state = ANY(states))
        AND (batches IS NULL OR t.batch_id = ANY(batches))
        AND (datasets IS NULL OR f.dataset_id = ANY(datasets))
        AND (having_labels IS NULL OR f.labels && having_labels)
        AND (having_said IS NULL OR f.said && having_said)
        AND (members IS NULL OR f.member_ids && members)
        AND (agreements IS NULL OR f.agreement BETWEEN agreements[1] AND agreements[2])
        AND (confidences IS NULL OR f.confidence BETWEEN confidences[1] AND confidences[2])
        AND (having_issues IS NULL OR (f.issues > 0) = having_issues)
        AND (prefix IS NULL OR f.unique_id ^@ prefix)
        AND (having_words IS NULL OR f.task_id IN (SELECT w.task_id FROM task_words w
            WHERE w.project_id = project AND w.words @@ to_tsquery('simple', having_words)))
        AND (having_metadata IS NULL OR f.task_id IN (SELECT w.task_id FROM task_words w
            WHERE w.project_id = project AND w.metadata @> ANY(having_metadata)))
$$;

-- Filters that a project's team keeps under a name.
CREATE TABLE slices (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    filter json NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX slices_name ON slices (project_id, name);
