"""The tables of agreement: compared tasks, and the sums over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.limits import AGREEMENT_CELLS_MAX, AGREEMENT_GROUPS_MAX, COMPARISONS_PER_ROUND_MAX
from annotary.quality.agreement import rules
from annotary.quality.agreement.messages import By, Compared
from annotary.quality.agreement.values_project import ComparedTask, Numbers, PairKey, SumKey, Sums
from annotary.quality.values import DueMerge

QUERIES = queries.load(__package__)
_encode = msgspec.json.Encoder().encode
_compared = msgspec.json.Decoder(Compared).decode


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison needs: the item, and the counted answers as they came."""

    task_id: UUID
    project_id: UUID
    batch_id: UUID
    week: date
    payload: str
    member_ids: list[UUID]
    answers: list[str]
    ontology_version_ids: list[UUID]


class Cells(NamedTuple):
    """Sums as JSON, and how many groups there are, shown or not."""

    rows: bytes
    groups_total: int


async def ask(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Ask that tasks be compared."""
    await uow.execute(QUERIES.ask, task_ids)


async def ask_again(uow: UnitOfWork, project_ids: Sequence[UUID]) -> None:
    """Ask that all tasks of projects that were compared are compared again."""
    await uow.execute(QUERIES.ask_again, project_ids)


async def due(database: Database) -> list[DueMerge]:
    """Return the tasks to compare next."""
    return [DueMerge(**row) for row in await database.fetch(QUERIES.due, COMPARISONS_PER_ROUND_MAX)]


async def inputs(database: Database, task_ids: Sequence[UUID]) -> dict[UUID, Input]:
    """Return what comparisons need, by task; a task with nothing to compare is left out."""
    return {row["task_id"]: Input(**row) for row in await database.fetch(QUERIES.inputs, task_ids)}


async def held(uow: UnitOfWork, tasks: Sequence[DueMerge]) -> dict[UUID, ComparedTask | None]:
    """Become the only writer; return the tasks that are still wanted, as they were compared before."""
    await uow.execute(QUERIES.hold)
    rows = await uow.fetch(QUERIES.held, [one.task_id for one in tasks], [one.asked_in for one in tasks])
    return {row["task_id"]: _task(row) for row in rows}


async def put(uow: UnitOfWork, tasks: Sequence[ComparedTask]) -> None:
    """Keep what tasks' answers say of each other."""
    if tasks:
        await uow.execute(
            QUERIES.put,
            [one.task_id for one in tasks],
            [one.batch_id for one in tasks],
            [one.week for one in tasks],
            ["{" + ",".join(map(str, one.member_ids)) + "}" for one in tasks],
            [_encode(one.compared).decode() for one in tasks],
        )


async def fail(uow: UnitOfWork, reasons: Mapping[UUID, str]) -> None:
    """Note which tasks could not be compared, and why."""
    if reasons:
        await uow.execute(QUERIES.fail, list(reasons), list(reasons.values()))


async def drop(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Forget tasks that have nothing to compare any more."""
    if task_ids:
        await uow.execute(QUERIES.drop, task_ids)


async def retry(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Put comparisons at the end of the queue."""
    if task_ids:
        await uow.execute(QUERIES.retry, task_ids)


async def apply(uow: UnitOfWork, change: Sums) -> None:
    """Change the sums."""
    await _apply_sums(uow, change.sums)
    await _apply_pairs(uow, change.pairs)


async def _apply_sums(uow: UnitOfWork, change: Mapping[SumKey, Numbers]) -> None:
    less, more = rules.split(change)
    if more:
        project, *named = _columns(more, SumKey)
        numbers = [change[key] for key in more]
        counts, totals = [one.number for one in numbers], [one.total for one in numbers]
        await uow.execute(QUERIES.add_sums, project, _digests(more), *named, counts, totals)
    if less:
        numbers = [change[key] for key in less]
        counts, totals = [one.number for one in numbers], [one.total for one in numbers]
        projects = [key.project_id for key in less]
        await uow.execute(QUERIES.take_sums, projects, _digests(less), counts, totals)
        await uow.execute(QUERIES.clear_sums, sorted(set(projects)))


async def _apply_pairs(uow: UnitOfWork, change: Mapping[PairKey, Numbers]) -> None:
    less, more = rules.split(change)
    if more:
        project, *named = _columns(more, PairKey)
        await uow.execute(QUERIES.add_pairs, project, _digests(more), *named, *_columns_of(change, more))
    if less:
        projects = [key.project_id for key in less]
        await uow.execute(QUERIES.take_pairs, projects, _digests(less), *_columns_of(change, less))
        await uow.execute(QUERIES.clear_pairs, sorted(set(projects)))


async def open_tasks(uow: UnitOfWork, project_id: UUID) -> Row:
    """Return how many tasks of a project wait, and how many could not be compared."""
    row = await uow.fetchrow(QUERIES.open_tasks, project_id)
    assert row is not None, "counts are always a row"
    return row


async def cells(uow: UnitOfWork, project_id: UUID, by: By) -> Cells | None:
    """Return a project's sums, grouped; None where they are too many."""
    if by == "pair":
        row = await uow.fetchrow(QUERIES.paired_sums, project_id, AGREEMENT_GROUPS_MAX, AGREEMENT_CELLS_MAX)
    else:
        row = await uow.fetchrow(
            QUERIES.grouped_sums, project_id, by, AGREEMENT_GROUPS_MAX, AGREEMENT_CELLS_MAX
        )
    assert row is not None, "an aggregate is always a row"
    return None if row["cells"] is None else Cells(row["cells"].encode(), row["groups"])


async def names(uow: UnitOfWork, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what members are called."""
    return {row["id"]: row["name"] for row in await uow.fetch(QUERIES.member_names, member_ids)}


def _task(row: Row) -> ComparedTask | None:
    if row["compared"] is None:
        return None
    place = (row["task_id"], row["project_id"], row["batch_id"], row["week"])
    return ComparedTask(*place, row["member_ids"], _compared(row["compared"]))


def _columns(keys: Sequence[Any], kind: type[SumKey] | type[PairKey]) -> list[list[Any]]:
    return [[getattr(key, name) for key in keys] for name in kind._fields]


def _columns_of(change: Mapping[PairKey, Numbers], keys: Sequence[PairKey]) -> list[list[int]]:
    return [list(column) for column in zip(*(change[key] for key in keys), strict=True)]


def _digests(keys: Sequence[SumKey] | Sequence[PairKey]) -> list[bytes]:
    return [rules.digest_of(key) for key in keys]
