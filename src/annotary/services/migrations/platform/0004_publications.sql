-- Which version of an ontology its projects work with, and how that came about.

-- A version on its way to all projects of its ontology: at first those in `project_ids` with this `share` of their
-- tasks (canary), then all; or back. `projects_before` (JSON) says what each project had, to go back to.
CREATE TABLE publications (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    ontology_id uuid NOT NULL,
    version_id uuid NOT NULL,
    previous_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('watching', 'full', 'withdrawn')),
    project_ids uuid[] NOT NULL DEFAULT '{}',
    share real NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
    -- What is done with stored answers and by what rule the canary ends (JSON).
    request json NOT NULL,
    -- Compatibility, counts and samples when it was published (JSON).
    checked json NOT NULL,
    -- The refusal and disagreement rates seen last (JSON).
    watched json,
    projects_before json NOT NULL DEFAULT '{}',
    reason text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX publications_of ON publications (ontology_id, id);
CREATE UNIQUE INDEX publications_watching ON publications (ontology_id) WHERE state = 'watching';
