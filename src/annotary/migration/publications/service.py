"""Publishing a version: checked, given to some projects or to all, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.catalog import job_runs
from annotary.eventlog import fact, record
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import new_id
from annotary.kernel.names import body_id
from annotary.migration.publications.errors import (
    PublicationEnded,
    PublicationUnderWay,
    UnknownPublication,
)
from annotary.migration.publications.service_checking import Answers, Planned, plan
from annotary.migration.publications.store import QUERIES, before_of, encode, publication_view, request_of
from annotary.migration.publications.values import Before, NewPublication, PublicationState, PublicationView
from annotary.migration.values import ChangeKind, ChangeRequest, Terms
from annotary.ontology import service as ontologies
from annotary.ontology.errors import BreakingChange
from annotary.ontology.service import Check
from annotary.projects.store import project_fact


class Given(NamedTuple):
    """A version and whose answers go with it: what giving it to projects needs."""

    organisation_id: UUID
    modality: str
    version_id: UUID
    migrates: bool
    terms: Terms
    by: UUID | None


async def publish(
    uow: UnitOfWork, caller: Caller, check: Check, answers: Answers, ontology_id: UUID, new: NewPublication
) -> PublicationView:
    """Publish a version: to named projects or a share of tasks first, or to all at once. For managers.

    Raises BreakingChange, with counts and samples, where answers would break and are not to be migrated.
    """
    ontology = await ontologies.hold_ontology(uow, caller, ontology_id)
    if not 0 < new.share <= 1:
        raise Invalid(path="/share", found=new.share, expected="above 0, at most 1")
    if await uow.fetchval(QUERIES.is_on_trial, ontology_id):
        raise PublicationUnderWay()
    planned = await plan(uow, answers, check, ontology, new)
    if planned.checked.refused:
        raise BreakingChange(planned.checked.refused, **msgspec.json.decode(encode(planned.checked)))
    version = await ontologies.add_version(
        uow, caller, ontology, planned.definition, planned.base["id"], planned.steps
    )
    named = [
        body_id("project", text, f"/projects/{number}") for number, text in enumerate(new.projects)
    ] or None
    projects = await uow.fetch(QUERIES.hold_projects, ontology_id, named)
    if named and len(projects) < len(set(named)):
        raise Invalid(path="/projects", found=new.projects, expected="projects that work with this ontology")
    state: PublicationState = "watching" if named or new.share < 1 else "full"
    given = _given(version, new, planned, caller.member_id)
    before = await _give(uow, given, projects, new.share)
    publication_id = await _add(uow, caller, ontology_id, planned, version, state, before, new)
    return await read_publication(uow, caller, publication_id)


async def complete(uow: UnitOfWork, caller: Caller, publication_id: UUID) -> PublicationView:
    """Give a version that is on trial to all projects of its ontology."""
    row = await _held(uow, caller, publication_id, "watching")
    before = before_of(row)
    given = await _given_again(uow, row, caller.member_id)
    projects = await uow.fetch(QUERIES.hold_projects, row["ontology_id"], None)
    whole = {project for project in before if row["share"] == 1.0}
    before |= await _give(uow, given, [one for one in projects if one["id"] not in whole], 1.0, before)
    await _become(uow, row, "full", before, None, caller.member_id)
    return await read_publication(uow, caller, publication_id)


async def withdraw(
    uow: UnitOfWork, caller: Caller, publication_id: UUID, reason: str | None
) -> PublicationView:
    """Take a version back at once: projects work with what they had, and their answers go back to it."""
    row = await _held(uow, caller, publication_id, "watching", "full")
    await take_back(uow, row, reason, caller.member_id)
    return await read_publication(uow, caller, publication_id)


async def take_back(uow: UnitOfWork, row: Row, reason: str | None, by: UUID | None) -> None:
    """Take a held publication back, by a member or of itself."""
    if await uow.fetchval(QUERIES.is_followed, row["version_id"]):
        raise PublicationEnded("A later version was made from this one and stands: withdraw that one first.")
    given, before = await _given_again(uow, row, by), before_of(row)
    for project in await uow.fetch(QUERIES.hold_projects, row["ontology_id"], list(before)):
        was = before[project["id"]]
        if project["ontology_version_id"] == row["version_id"] or row["share"] < 1:
            changed = await one(uow, QUERIES.give_version, project["id"], was.version)
            await record(uow, project_fact("project.changed", changed, by))
            terms = Terms(to=was.version, reason=reason or "")
            await _change(uow, given, project["id"], new_id(), "rollback", terms, was.change or new_id())
    await _become(uow, row, "withdrawn", before, reason, by)


async def read_publication(uow: UnitOfWork, caller: Caller, publication_id: UUID) -> PublicationView:
    """Return a publication. For managers."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.publication, publication_id, caller.organisation_id)
    if row is None:
        raise UnknownPublication()
    return publication_view(row)


async def list_publications(
    uow: UnitOfWork, caller: Caller, ontology_id: UUID, limit: int | None, next_token: str | None
) -> Page[PublicationView]:
    """Return the publications of an ontology, oldest first."""
    await ontologies.read_ontology(uow, caller, ontology_id)
    more = (ontology_id, caller.organisation_id)
    return await page_by_id(uow, QUERIES.publications_page, publication_view, limit, next_token, *more)


async def _give(
    uow: UnitOfWork,
    given: Given,
    projects: list[Row],
    share: float,
    known: Mapping[UUID, Before] | None = None,
) -> dict[UUID, Before]:
    """Give projects a version, for a share of their tasks or whole; returns what each had before."""
    before: dict[UUID, Before] = {}
    for project in projects:
        had = (known or {}).get(project["id"])
        was = had.version if had else project["ontology_version_id"]
        if share < 1:
            changed = await one(uow, QUERIES.try_version, project["id"], given.version_id, share)
            before[project["id"]] = Before(was)
        else:
            changed = await one(uow, QUERIES.give_version, project["id"], given.version_id)
            change_id = new_id() if given.migrates else None
            before[project["id"]] = Before(was, change_id)
            if change_id is not None:
                await _change(uow, given, project["id"], change_id, "migration", given.terms, None)
        await record(uow, project_fact("project.changed", changed, given.by))
    return before


async def _change(
    uow: UnitOfWork,
    given: Given,
    project_id: UUID,
    change_id: UUID,
    kind: ChangeKind,
    terms: Terms,
    reverts: UUID | None,
) -> None:
    """Have the worker of the modality change a project's answers."""
    request = ChangeRequest(
        change_id=change_id,
        kind=kind,
        project_id=project_id,
        organisation_id=given.organisation_id,
        ontology_version_id=given.version_id,
        terms=terms,
        reverts=reverts,
        created_by=given.by,
        add=True,
    )
    await job_runs.enqueue(
        uow,
        kind="change",
        service=given.modality,
        request=request,
        organisation_id=given.organisation_id,
        project_id=project_id,
        created_by=given.by,
    )


def _given(version: Row, new: NewPublication, planned: Planned | None, by: UUID | None) -> Given:
    migrates = new.migrate and (planned is None or planned.steps is not None)
    if planned is not None and not planned.touches_answers:
        migrates = False
    terms = Terms(ambiguous=new.ambiguous, reason=new.reason)
    return Given(version["organisation_id"], version["modality"], version["id"], migrates, terms, by)


async def _given_again(uow: UnitOfWork, row: Row, by: UUID | None) -> Given:
    version = await one(uow, QUERIES.version, row["version_id"])
    return _given(version, request_of(row), None, by)


async def _add(
    uow: UnitOfWork,
    caller: Caller,
    ontology_id: UUID,
    planned: Planned,
    version: Row,
    state: PublicationState,
    before: Mapping[UUID, Before],
    new: NewPublication,
) -> UUID:
    publication_id = new_id()
    await uow.execute(
        QUERIES.add_publication,
        *(publication_id, caller.organisation_id, ontology_id, version["id"], planned.base["id"], state),
        *(list(before), new.share, encode(new).decode(), encode(planned.checked).decode()),
        *(encode({str(key): value for key, value in before.items()}).decode(), new.reason or None),
        caller.member_id,
    )
    row = await one(uow, QUERIES.hold_publication, publication_id, caller.organisation_id)
    await _tell(uow, row, state, before, new.reason or None, caller.member_id)
    return publication_id


async def _held(uow: UnitOfWork, caller: Caller, publication_id: UUID, *states: PublicationState) -> Row:
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.hold_publication, publication_id, caller.organisation_id)
    if row is None:
        raise UnknownPublication()
    if row["state"] not in states:
        raise PublicationEnded(f"The publication is {row['state']}: expected {' or '.join(states)}.")
    return row


async def _become(
    uow: UnitOfWork,
    row: Row,
    state: PublicationState,
    before: Mapping[UUID, Before],
    reason: str | None,
    by: UUID | None,
) -> None:
    known = encode({str(key): value for key, value in before.items()}).decode()
    await uow.execute(QUERIES.set_publication, row["id"], state, known, reason, by)
    await _tell(uow, row, state, before, reason, by)


async def _tell(
    uow: UnitOfWork,
    row: Row,
    state: PublicationState,
    before: Mapping[UUID, Before],
    reason: str | None,
    by: UUID | None,
) -> None:
    data = {
        "ontology": row["ontology_id"],
        "version": row["version_id"],
        "previous": row["previous_id"],
        "share": row["share"],
        "projects": {str(project): was.version for project, was in before.items()},
        "reason": reason,
    }
    await record(uow, fact(f"publication.{state}", row, by, data))
