"""The tables of consensus: outcomes, and the merges that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

import annotary
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.limits import MERGES_PER_ROUND_MAX
from annotary.projects.quality import read_quality
from annotary.quality.values import DueMerge, MergeInput, NewOutcome, OntologyVersion, Standing, Terms

QUERIES = queries.load(__package__)
S = TypeVar("S", bound=msgspec.Struct)
# In the order of the query `add_outcomes`, without what is encoded on the way.
_OUTCOME_COLUMNS = (
    *("id", "task_id", "project_id", "organisation_id", "state"),
    *("copied", "content_hash", "ontology_version_id", "aggregator"),
    *("run_id", "confidence", "agreement"),
)


def _structs(rows: Sequence[Row], kind: type[S]) -> list[S]:
    return [kind(**row) for row in rows]


async def hold_outcomes(uow: UnitOfWork) -> None:
    """Be the only writer of outcomes until the transaction ends. Call it before reading what is written."""
    await uow.execute(QUERIES.hold_outcomes)


async def terms(source: UnitOfWork | Database, task_ids: Sequence[UUID]) -> dict[UUID, Terms]:
    """Return what consensus has to know of the projects of tasks, by project."""
    rows = await source.fetch(QUERIES.terms, task_ids)
    return {row["project_id"]: Terms(row[0], row[1], read_quality(row[2])) for row in rows}


async def standings(
    uow: UnitOfWork, task_ids: Sequence[UUID], with_answers: Sequence[UUID]
) -> list[Standing]:
    """Return where tasks stand, with the answers in some projects; a task that does not exist is left out."""
    return _structs(await uow.fetch(QUERIES.standings, task_ids, with_answers), Standing)


async def supersede(uow: UnitOfWork, task_ids: Sequence[UUID]) -> set[UUID]:
    """End the current outcomes of tasks; returns the tasks that had one."""
    if not task_ids:
        return set()
    return {row["task_id"] for row in await uow.fetch(QUERIES.supersede, task_ids)}


async def withdraw(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Row]:
    """Withdraw the current outcomes of tasks; returns them."""
    return list(await uow.fetch(QUERIES.withdraw, task_ids)) if task_ids else []


async def add_outcomes(uow: UnitOfWork, outcomes: Sequence[NewOutcome]) -> dict[UUID, int]:
    """Write outcomes; returns the version each task's got."""
    columns: list[list[Any]] = [[getattr(one, name) for one in outcomes] for name in _OUTCOME_COLUMNS]
    rows = await uow.fetch(
        QUERIES.add_outcomes,
        *columns[:5],
        [None if one.answer is None else one.answer.decode() for one in outcomes],
        *columns[5:9],
        [one.parameters.decode() for one in outcomes],
        *columns[9:11],
        [one.aggregator_version or annotary.__version__ for one in outcomes],
        columns[11],
        ["{" + ",".join(map(str, one.submission_ids)) + "}" for one in outcomes],
        [one.confidences.decode() or None for one in outcomes],
        [one.consumed_at for one in outcomes],
    )
    return {row["task_id"]: row["version"] for row in rows}


async def ask_merges(uow: UnitOfWork, tasks: Sequence[Standing]) -> None:
    """Put tasks whose answers differ in the queue of merges."""
    if tasks:
        columns = (
            [getattr(task, name) for task in tasks] for name in ("task_id", "project_id", "organisation_id")
        )
        await uow.execute(QUERIES.ask_merges, *columns)


async def drop_merges(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Take tasks out of the queue of merges."""
    if task_ids:
        await uow.execute(QUERIES.drop_merges, task_ids)


async def due_merges(database: Database) -> list[DueMerge]:
    """Return the merges to do next."""
    return _structs(await database.fetch(QUERIES.due_merges, MERGES_PER_ROUND_MAX), DueMerge)


async def merge_inputs(database: Database, task_ids: Sequence[UUID]) -> dict[UUID, MergeInput]:
    """Return what merges need, by task; a task without counted answers is left out."""
    rows = await database.fetch(QUERIES.merge_inputs, task_ids)
    return {found.task_id: found for found in _structs(rows, MergeInput)}


async def ontology_versions(database: Database, ids: Sequence[UUID]) -> dict[UUID, OntologyVersion]:
    """Return ontology versions by id."""
    rows = await database.fetch(QUERIES.ontology_versions, ids)
    return {found.id: found for found in _structs(rows, OntologyVersion)}


async def hold_merges(uow: UnitOfWork, due: Sequence[DueMerge]) -> set[UUID]:
    """Lock the merges that are still wanted as they were read; returns their tasks."""
    rows = await uow.fetch(
        QUERIES.hold_merges, [merge.task_id for merge in due], [merge.asked_in for merge in due]
    )
    return {row["task_id"] for row in rows}


async def block_merges(uow: UnitOfWork, reasons: dict[UUID, str]) -> None:
    """Leave tasks to people."""
    if reasons:
        await uow.execute(QUERIES.block_merges, list(reasons), list(reasons.values()))


async def retry_merges(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Put merges at the end of the queue."""
    if task_ids:
        await uow.execute(QUERIES.retry_merges, task_ids)
