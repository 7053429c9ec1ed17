"""Tracing an outcome: who may, what is read, and the chain that comes of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from annotary.audit.lineage import rules_steps, store
from annotary.audit.lineage.rules import Log, LogEntry
from annotary.audit.lineage.rules_catalog import export_steps, item_step
from annotary.audit.lineage.rules_steps import Shown
from annotary.audit.lineage.values import (
    CatalogRecords,
    EventProofs,
    Lineage,
    Place,
    Records,
    Sight,
    ToldEvent,
)
from annotary.identity.errors import RoleTooLow
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row, UnitOfWork, meaning
from annotary.kernel.errors import Malformed
from annotary.kernel.ids import outside_id, parse_id
from annotary.kernel.limits import LINEAGE_PROOFS_MAX
from annotary.quality.errors import UnknownOutcome

_SEQUENCE = re.compile(r"[0-9]{1,18}")
Platform = Callable[[], Awaitable[Database]]


async def trace(database: Database, platform: Platform, caller: Caller, named: str) -> Lineage:
    """Return the chain behind an outcome, or behind a task's current one. For reviewers and managers.

    Without the platform's database the chain has no dataset, no exports and none of the platform's events;
    `missing` says so.
    """
    async with database.transaction() as uow:
        place = await find(uow, named)
        sight = sight_of(caller, place)
        held = await store.records(uow, place, database.schema)
    outcome = held.versions[-1] if held.versions else None
    accepted_at = rules_steps.accepted_since(outcome, Log(held.events))
    missing: list[str] = []
    catalog: CatalogRecords | None = None
    try:
        until = outcome["superseded_at"] if outcome else None
        catalog = await store.catalog_records(await platform(), place, held, accepted_at, until)
    except Exception as error:
        reason = meaning(error)
        if reason is None:
            raise
        missing.append(f"The catalog and the exports: {reason.detail}")
    log = Log([*(catalog.events if catalog else ()), *held.events])
    shown = Shown(held, log, sight)
    lineage = _compose(held, outcome, shown, log, catalog, missing)
    async with database.connection() as uow:
        people = rules_steps.names_shown(await store.names(uow, shown.people))
    return msgspec.structs.replace(lineage, people=people)


async def find(uow: UnitOfWork, named: str) -> Place:
    """Return where an outcome lies that is named by its own id or by its task's; raises UnknownOutcome."""
    is_task = named.startswith("task_")
    look = store.task_place if is_task else store.outcome_place
    place = await look(uow, parse_id("task" if is_task else "outcome", named))
    if place is None:
        raise UnknownOutcome
    return place


def sight_of(caller: Caller, place: Place) -> Sight:
    """Return what a caller may see of a place; raises what keeps them from seeing anything."""
    if project_role(caller, place.project_id, place.organisation_id) is None:
        raise UnknownOutcome
    role = access_project(caller, place.project_id, place.organisation_id, Role.REVIEWER)
    return Sight(caller.member_id, role >= Role.MANAGER)


async def modality_of(databases: Sequence[Database], caller: Caller, named: str) -> str:
    """Return the modality that has an outcome, asking the tables and no service; for whoever may see it."""
    for database in databases:
        async with database.connection() as uow:
            try:
                place = await find(uow, named)
            except UnknownOutcome:
                continue
        sight_of(caller, place)
        return database.schema
    raise UnknownOutcome


async def read_proofs(database: Database, caller: Caller, sequences: str) -> EventProofs:
    """Return how well events of the organisation are proved. For reviewers and managers of anything."""
    if max((caller.role, *caller.projects.values())) < Role.REVIEWER:
        raise RoleTooLow("Proofs are for reviewers and managers: you are neither on any project.")
    numbers = [number for number in sequences.split(",") if number]
    if len(numbers) > LINEAGE_PROOFS_MAX or not all(map(_SEQUENCE.fullmatch, numbers)):
        expected = f"up to {LINEAGE_PROOFS_MAX} numbers between commas"
        raise Malformed(f"sequences: found {sequences[:80]!r}, expected {expected}.", path="sequences")
    async with database.connection() as uow:
        found = await store.proofs(uow, caller.organisation_id, [int(number) for number in numbers])
    return EventProofs({str(number): proof for number, proof in found.items()})


def _compose(
    held: Records,
    outcome: Row | None,
    shown: Shown,
    log: Log,
    catalog: CatalogRecords | None,
    missing: list[str],
) -> Lineage:
    accepted_at = rules_steps.accepted_since(outcome, Log(held.events))
    superseded_at = outcome["superseded_at"] if outcome else None
    return Lineage(
        outcome=outside_id("outcome", outcome["id"] if outcome else None),
        version=outcome["version"] if outcome else 0,
        answer=msgspec.Raw(outcome["answer"].encode()) if outcome else None,
        is_current=outcome is not None and superseded_at is None,
        item=item_step(held, catalog, log),
        batch=shown.batch(),
        ontology_versions=shown.ontology_versions(),
        instructions=shown.instructions(),
        predictions=shown.predictions(),
        submissions=shown.submissions(outcome),
        gold=shown.gold(),
        versions=shown.versions(),
        reviews=shown.reviews(),
        changes=shown.changes(),
        exports=export_steps(catalog, accepted_at, superseded_at, shown, log),
        # After the others: its events are those that prove no other step.
        task=shown.task(),
        events=_told(log, shown),
        people={},
        missing=missing,
    )


def _told(log: Log, shown: Shown) -> list[ToldEvent]:
    ordered = sorted(log.entries, key=lambda one: one.time)
    return [_event(one, shown) for one in ordered]


def _event(one: LogEntry, shown: Shown) -> ToldEvent:
    return ToldEvent(
        id=one.id,
        type=one.type,
        subject=one.subject,
        time=one.time,
        actor=shown.member(one.actor),
        proof=one.proof,
        data=msgspec.Raw(one.text.encode()) if shown.is_open else None,
    )
