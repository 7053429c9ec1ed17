"""Projects: make, change, delete, read. A deleted project gives out nothing new; its record stays."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import UNSET

from annotary import eventlog
from annotary.identity import rules as access
from annotary.identity.errors import UnknownProject
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import Invalid, PreconditionFailed
from annotary.kernel.ids import format_id, new_id, parse_id
from annotary.kernel.names import body_id, check_name
from annotary.modalities.migration import compatibility
from annotary.ontology import service as ontologies
from annotary.ontology.errors import BreakingChange
from annotary.ontology.service import Check
from annotary.ontology.values import Definition
from annotary.ontology.views import NewOntology, OntologyVersionView
from annotary.projects import rules
from annotary.projects.errors import ProjectDeleted
from annotary.projects.quality import quality_columns
from annotary.projects.service_instructions import publish
from annotary.projects.store import QUERIES, kept_quality, project_fact, project_view
from annotary.projects.values import NewProject, ProjectChange, ProjectView


async def create_project(uow: UnitOfWork, caller: Caller, check: Check, new: NewProject) -> ProjectView:
    """Make a project, and its ontology when a definition is given. For managers of the organisation."""
    access.require_role(caller, Role.MANAGER)
    name, overlap = check_name(new.name), rules.check_overlap(new.overlap)
    lease_seconds, weight = rules.check_lease_seconds(new.lease_seconds), rules.check_weight(new.weight)
    version = await _ontology_of(uow, caller, check, new)
    row = await one(
        uow,
        QUERIES.add_project,
        new_id(),
        caller.organisation_id,
        name,
        new.modality,
        parse_id("ontology", version.ontology),
        parse_id("ontology_version", version.id),
        overlap,
        lease_seconds,
        weight,
        *quality_columns(new.quality),
        caller.member_id,
    )
    await eventlog.record(uow, project_fact("project.created", row, caller.member_id))
    if new.instructions is not None:
        await publish(uow, caller, row["id"], rules.check_instructions(new.instructions, "/instructions"))
        row = await one(uow, QUERIES.project, row["id"])
    return project_view(row)


async def change_project(
    uow: UnitOfWork, caller: Caller, project_id: UUID, change: ProjectChange, version: int | None
) -> ProjectView:
    """Change a project's name, state, numbers or ontology version. For its managers."""
    row = await hold_project(uow, caller, project_id, version)
    changed = await one(
        uow,
        QUERIES.change_project,
        project_id,
        row["name"] if change.name is UNSET else check_name(change.name),
        row["state"] if change.state is UNSET else change.state,
        row["overlap"] if change.overlap is UNSET else rules.check_overlap(change.overlap),
        row["lease_seconds"]
        if change.lease_seconds is UNSET
        else rules.check_lease_seconds(change.lease_seconds),
        row["weight"] if change.weight is UNSET else rules.check_weight(change.weight),
        row["ontology_version_id"]
        if change.ontology_version is UNSET
        else await _version_of(uow, row, change.ontology_version),
        *(kept_quality(row) if change.quality is UNSET else quality_columns(change.quality)),
    )
    await eventlog.record(uow, project_fact("project.changed", changed, caller.member_id))
    return project_view(changed)


async def delete_project(
    uow: UnitOfWork, caller: Caller, project_id: UUID, version: int | None
) -> ProjectView:
    """Delete a project: nothing new is given out, and what was submitted stays."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.hold_project, project_id)
    if row is not None and row["organisation_id"] == caller.organisation_id and row["state"] == "deleted":
        return project_view(row)
    row = await hold_project(uow, caller, project_id, version)
    numbers = (row["overlap"], row["lease_seconds"], row["weight"], row["ontology_version_id"])
    kept = (*numbers, *kept_quality(row))
    row = await one(uow, QUERIES.change_project, project_id, row["name"], "deleted", *kept)
    await eventlog.record(uow, project_fact("project.deleted", row, caller.member_id))
    return project_view(row)


async def list_projects(
    uow: UnitOfWork, caller: Caller, state: str | None, limit: int | None, next_token: str | None
) -> Page[ProjectView]:
    """Return the projects the caller reaches: by default all that are not deleted."""
    states = [state] if state else ["active", "paused"]
    among = None if caller.role >= Role.MANAGER else list(caller.projects)
    return await page_by_id(
        uow, QUERIES.projects_page, project_view, limit, next_token, caller.organisation_id, among, states
    )


async def read_project(uow: UnitOfWork, caller: Caller, project_id: UUID, at_least: Role) -> Row:
    """Return a project's row when the caller has at least this role on it."""
    row = await uow.fetchrow(QUERIES.project, project_id)
    if row is None:
        raise UnknownProject
    access.access_project(caller, project_id, row["organisation_id"], at_least)
    return row


async def hold_project(uow: UnitOfWork, caller: Caller, project_id: UUID, version: int | None = None) -> Row:
    """Lock a project that its manager is about to change; refuses one deleted or changed meanwhile."""
    row = await uow.fetchrow(QUERIES.hold_project, project_id)
    if row is None:
        raise UnknownProject
    access.access_project(caller, project_id, row["organisation_id"], Role.MANAGER)
    if row["state"] == "deleted":
        raise ProjectDeleted
    if version is not None and row["version"] != version:
        raise PreconditionFailed(f"Version {version} was changed meanwhile: it is {row['version']} now.")
    return row


async def _ontology_of(uow: UnitOfWork, caller: Caller, check: Check, new: NewProject) -> OntologyVersionView:
    """Return the ontology version a new project starts with, making its ontology of a definition given."""
    if (new.ontology is None) == (new.definition is None):
        raise Invalid(
            path="/ontology", found=new.ontology, expected="either `ontology`, an id, or `definition`"
        )
    if new.definition is not None:
        made = NewOntology(new.name, new.modality, new.definition)
        return (await ontologies.create_ontology(uow, caller, check, made)).version
    assert new.ontology is not None
    view = await ontologies.read_ontology(uow, caller, body_id("ontology", new.ontology, "/ontology"))
    if view.modality != new.modality:
        raise Invalid(
            path="/ontology", found=f"an ontology for {view.modality}", expected=f"one for {new.modality}"
        )
    return view.version


async def _version_of(uow: UnitOfWork, project: Row, version: str) -> UUID:
    """Return another version for a project; raises BreakingChange where its answers could be invalid then."""
    body_id("ontology_version", version, "/ontology_version")
    row = await ontologies.find_version(uow, project["organisation_id"], project["ontology_id"], version)
    if row is None:
        expected = f"a version of {format_id('ontology', project['ontology_id'])}, the project's ontology"
        raise Invalid(path="/ontology_version", found=version, expected=expected)
    found: UUID = row["id"]
    if found != project["ontology_version_id"]:
        await _refuse_breaking(uow, project, row)
    return found


async def _refuse_breaking(uow: UnitOfWork, project: Row, wanted: Row) -> None:
    ontology = project["ontology_id"]
    pinned = format_id("ontology_version", project["ontology_version_id"])
    now = await ontologies.find_version(uow, project["organisation_id"], ontology, pinned)
    assert now is not None
    before, after = (msgspec.json.decode(one["definition"], type=Definition) for one in (now, wanted))
    agreed = compatibility(project["modality"], before, after)
    if agreed.needs_migration:
        first = next(reason.words for reason in agreed.reasons if reason.direction == "backward")
        path = f"/v1/ontologies/{format_id('ontology', ontology)}/publications"
        raise BreakingChange(
            f"Answers given so far may be invalid under it ({first}). Publish a version by the steps "
            f"that lead to it, so that they are migrated: POST {path}."
        )
