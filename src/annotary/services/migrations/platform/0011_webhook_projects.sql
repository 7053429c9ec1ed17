-- Which project an event of the platform is about: as its data says, else that of its subject; null: none.
CREATE FUNCTION project_of_event(subject uuid, data json) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        substring(replace(data ->> 'project', '-', '') FROM '^(?:prj_)?([0-9a-f]{32})$')::uuid,
        (SELECT project_id FROM jobs WHERE id = subject),
        (SELECT id FROM projects WHERE id = subject))
$$;
