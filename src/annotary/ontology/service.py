"""Ontologies: make, rename, publish immutable versions, read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel import limits
from annotary.kernel.errors import PreconditionFailed, TooLarge
from annotary.kernel.ids import format_id, new_id, parse_id
from annotary.kernel.names import check_name
from annotary.ontology import rules
from annotary.ontology.diff import Change, describe
from annotary.ontology.errors import OntologyNameTaken, UnknownOntology, UnknownOntologyVersion
from annotary.ontology.steps.values import Step
from annotary.ontology.store import QUERIES, ontology_view, version_view
from annotary.ontology.values import Definition
from annotary.ontology.views import NewOntology, OntologyVersionView, OntologyView, SameVersion

# What the label types of a modality have to say about a definition; raises InvalidOntology.
Check = Callable[[str, Definition], None]


async def create_ontology(uow: UnitOfWork, caller: Caller, check: Check, new: NewOntology) -> OntologyView:
    """Make an ontology with its first version. For managers of the organisation."""
    access.require_role(caller, Role.MANAGER)
    name, definition = check_name(new.name), checked_definition(new.definition, new.modality, check)
    ontology = await uow.fetchrow(
        QUERIES.add_ontology, new_id(), caller.organisation_id, name, new.modality, caller.member_id
    )
    if ontology is None:
        existing = await uow.fetchval(QUERIES.ontology_named, caller.organisation_id, name)
        raise OntologyNameTaken(path="/name", existing=format_id("ontology", existing))
    await add_version(uow, caller, ontology, definition)
    return ontology_view(await one(uow, QUERIES.ontology, caller.organisation_id, ontology["id"]))


async def rename_ontology(
    uow: UnitOfWork, caller: Caller, ontology_id: UUID, name: str, edition: int | None
) -> OntologyView:
    """Change an ontology's name; its versions stay as they are."""
    row = await hold_ontology(uow, caller, ontology_id)
    if edition is not None and row["version"] != edition:
        raise PreconditionFailed(f"Edition {edition} was changed meanwhile: it is {row['version']} now.")
    name = check_name(name)
    existing = await uow.fetchval(QUERIES.ontology_named, caller.organisation_id, name)
    if existing not in (None, ontology_id):
        raise OntologyNameTaken(path="/name", existing=format_id("ontology", existing))
    try:
        await uow.execute(QUERIES.rename_ontology, ontology_id, name)
    except asyncpg.UniqueViolationError:
        raise OntologyNameTaken(path="/name") from None
    view = ontology_view(await one(uow, QUERIES.ontology, caller.organisation_id, ontology_id))
    version_id = parse_id("ontology_version", view.version.id)
    told = {"ontology": view.id, "name": name, "edition": row["version"] + 1}
    await eventlog.record(uow, _event(caller, "ontology.renamed", version_id, **told))
    return view


async def publish_version(
    uow: UnitOfWork, caller: Caller, check: Check, ontology_id: UUID, document: Mapping[str, Any]
) -> OntologyVersionView:
    """Publish a version; the content of the latest one gives that one back."""
    ontology = await hold_ontology(uow, caller, ontology_id)
    definition = checked_definition(document, ontology["modality"], check)
    latest = await one(uow, QUERIES.latest_version, ontology_id)
    if latest["content_hash"] == rules.content_hash(definition):
        return version_view(latest, SameVersion)
    return version_view(await add_version(uow, caller, ontology, definition))


async def read_ontology(uow: UnitOfWork, caller: Caller, ontology_id: UUID) -> OntologyView:
    """Return an ontology with its latest version."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.ontology, caller.organisation_id, ontology_id)
    if row is None:
        raise UnknownOntology
    return ontology_view(row)


async def list_ontologies(
    uow: UnitOfWork, caller: Caller, limit: int | None, next_token: str | None
) -> Page[OntologyView]:
    """Return the organisation's ontologies."""
    access.require_role(caller, Role.MANAGER)
    return await page_by_id(
        uow,
        QUERIES.ontologies_page,
        ontology_view,
        limit,
        next_token,
        caller.organisation_id,
        length_max=limits.ONTOLOGIES_PER_PAGE_MAX,
    )


async def list_versions(
    uow: UnitOfWork, caller: Caller, ontology_id: UUID, limit: int | None, next_token: str | None
) -> Page[OntologyVersionView]:
    """Return the versions of an ontology."""
    await read_ontology(uow, caller, ontology_id)
    return await page_by_id(
        uow,
        QUERIES.versions_page,
        version_view,
        limit,
        next_token,
        caller.organisation_id,
        ontology_id,
        length_max=limits.ONTOLOGIES_PER_PAGE_MAX,
    )


async def read_version(
    uow: UnitOfWork, caller: Caller, ontology_id: UUID, version: str
) -> OntologyVersionView:
    """Return a version, by number or id. Those below manager see the versions their projects use or used."""
    row = await find_version(uow, caller.organisation_id, ontology_id, version)
    if row is None or not await may_read(uow, caller, row):
        raise UnknownOntologyVersion
    return version_view(row)


async def compare_versions(
    uow: UnitOfWork, caller: Caller, ontology_id: UUID, before: str, after: str
) -> list[Change]:
    """Return what differs between two versions that the caller may see; nothing where they say the same."""
    was, now = [await read_version(uow, caller, ontology_id, one) for one in (before, after)]
    return list(describe(was.definition, now.definition))


async def find_version(uow: UnitOfWork, organisation_id: UUID, ontology_id: UUID, version: str) -> Row | None:
    """Return the row of a version, by number or id, or None."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    version_id = parse_id("ontology_version", version) if number is None else None
    return await uow.fetchrow(QUERIES.version, organisation_id, ontology_id, version_id, number)


async def may_read(uow: UnitOfWork, caller: Caller, version: Row) -> bool:
    """Say whether a caller may see a version: managers all, others those their projects use or used."""
    if caller.role >= Role.MANAGER:
        return True
    projects = list(caller.projects)
    return bool(await uow.fetchval(QUERIES.is_used_by, projects, version["ontology_id"], version["number"]))


async def hold_ontology(uow: UnitOfWork, caller: Caller, ontology_id: UUID) -> Row:
    """Lock an ontology that a manager is about to change, so that its versions follow one another."""
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.hold_ontology, caller.organisation_id, ontology_id)
    if row is None:
        raise UnknownOntology
    return row


async def add_version(
    uow: UnitOfWork,
    caller: Caller,
    ontology: Row,
    definition: Definition,
    follows: UUID | None = None,
    steps: Sequence[Step] | None = None,
) -> Row:
    """Write a checked definition as the next version; `steps` lead to it from the version it `follows`."""
    row = await one(
        uow,
        QUERIES.add_version,
        new_id(),
        caller.organisation_id,
        ontology["id"],
        ontology["modality"],
        rules.encode_definition(definition).decode(),
        rules.content_hash(definition),
        caller.member_id,
        follows,
        None if steps is None else msgspec.json.encode(steps).decode(),
    )
    event = _event(
        caller,
        "ontology.published",
        row["id"],
        ontology=format_id("ontology", ontology["id"]),
        name=ontology["name"],
        modality=ontology["modality"],
        number=row["number"],
        content_hash=row["content_hash"].hex(),
        follows=follows,
    )
    await eventlog.record(uow, event)
    return row


def checked_definition(document: Mapping[str, Any], modality: str, check: Check) -> Definition:
    """Return the definition in a document, checked by the label types of its modality."""
    definition = rules.read_definition(document)
    size_bytes = len(rules.encode_definition(definition))
    if size_bytes > limits.ONTOLOGY_BYTES_MAX:
        raise TooLarge(f"/definition: {size_bytes} bytes, expected at most {limits.ONTOLOGY_BYTES_MAX}.")
    check(modality, definition)
    return definition


def _event(caller: Caller, kind: str, version_id: UUID, **data: object) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=version_id,
        actor_id=caller.member_id,
        data=data,
    )
