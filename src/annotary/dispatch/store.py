"""The tables of dispatch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from annotary.dispatch.rules import Candidates
from annotary.dispatch.values import (
    BatchesProgress,
    BatchOrder,
    BatchProgress,
    Holder,
    Lease,
    TaskFilter,
    TaskView,
)
from annotary.eventlog import Event, fact
from annotary.infra import queries
from annotary.infra.http import Page
from annotary.infra.kept_counts import KeptCounts
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import rows_by_id
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, new_id, outside_id
from annotary.kernel.limits import GROUP_CONNECTIONS_MAX, HELD_TASKS_MAX, LEASES_PER_MEMBER_MAX

QUERIES = queries.load(__package__)
SHUFFLE_SEED_BYTES = 16
# A batch's pace is what came in during an hour.
PACE_MILLISECONDS = 3_600_000
_LEASE = Lease.__struct_fields__


# Group statements touch few rows by index, whatever the planner believes of the tables.
GROUP_SETTINGS = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}


async def connect_for_groups(url: str, schema: str) -> Database:
    """Open the connections that only group statements use."""
    return await Database.connect(url, schema, connections_max=GROUP_CONNECTIONS_MAX, settings=GROUP_SETTINGS)


def lease_of(row: Row) -> Lease:
    """Return one row of the group claim."""
    return Lease(*[row[name] for name in _LEASE])


async def claim_group(uow: UnitOfWork, rows: Candidates, claims: int) -> list[list[Lease]]:
    """Serve a group of claims in one statement; returns the leases of each, by its number."""
    ids_wanted = sum({number: rows.counts[i] for i, number in enumerate(rows.claims)}.values())
    found = await uow.fetch(
        QUERIES.claim_group, *rows, LEASES_PER_MEMBER_MAX, [new_id() for _ in range(ids_wanted)]
    )
    leases: list[list[Lease]] = [[] for _ in range(claims)]
    for row in found:
        leases[row["claim"]].append(lease_of(row))
    return leases


async def take_keys(uow: UnitOfWork, keys: Sequence[tuple[UUID, str, bytes, UUID]]) -> set[tuple[UUID, str]]:
    """Take the claims' Idempotency-Keys; returns those that were free."""
    members, words, hashes, references = zip(*keys, strict=True)
    rows = await uow.fetch(QUERIES.take_keys, members, words, hashes, references)
    return {(row["member_id"], row["key"]) for row in rows}


async def free_keys(uow: UnitOfWork, keys: Sequence[tuple[UUID, str]]) -> None:
    """Give back the keys of claims that got nothing."""
    if keys:
        members, words = zip(*keys, strict=True)
        await uow.execute(QUERIES.free_keys, members, words)


async def leases_claimed_with(database: Database, request: UUID, member: UUID) -> list[Lease]:
    """Return what one request was given."""
    return [lease_of(row) for row in await database.fetch(QUERIES.leases_claimed_with, request, member)]


async def live_lease(database: Database, assignment: UUID, member: UUID) -> Lease | None:
    """Return a lease as the claim gave it; None when the member does not hold it."""
    row = await database.fetchrow(QUERIES.live_lease, assignment, member)
    return None if row is None else lease_of(row)


def batch_fact(kind: str, row: Row, by: UUID | None, **more: object) -> Event:
    """Return the fact that a batch, whose row is given, was made or changed."""
    named = {name: row[name] for name in ("name", "state", "priority", "deadline", "overlap", "version")}
    return fact(kind, row, by, {"project": row["project_id"], **named, **more})


async def renew(database: Database, assignment: UUID, member: UUID, fence: int) -> Row | None:
    """Put the end of a lease off; None when it is not the member's live lease with this fence."""
    return await database.fetchrow(QUERIES.renew, assignment, member, fence)


async def end_lease(
    database: Database, assignment: UUID, member: UUID, fence: int, state: str, reason: str | None
) -> UUID | None:
    """End a live lease as `released` or `skipped`; returns its project, None when there is no such lease."""
    row = await database.fetchrow(QUERIES.end_lease, assignment, member, fence, state, reason)
    return row["project_id"] if row else None


async def expire_leases(database: Database, rows_max: int) -> int:
    """End leases that are over; returns how many."""
    return int(await database.pool.fetchval(QUERIES.expire_leases, rows_max))


async def assignment(database: Database, assignment_id: UUID) -> Row | None:
    """Return the record of an assignment."""
    return await database.fetchrow(QUERIES.assignment, assignment_id)


def shuffle_seed(order: BatchOrder, kept: bytes | None = None) -> bytes | None:
    """Return what makes an order: a secret, the one that is there or a new one; None for that of import."""
    return None if order == "imported" else kept or os.urandom(SHUFFLE_SEED_BYTES)


async def insert_batch(uow: UnitOfWork, *values: Any) -> Row:
    """Add a batch: id, organisation, project, name, priority, deadline, overlap, order key, member,
    least skill, target, shuffle seed.
    """
    row = await uow.fetchrow(QUERIES.insert_batch, *values)
    assert row is not None
    return row


async def change_batch(
    uow: UnitOfWork,
    batch: Row,
    state: str,
    priority: str,
    deadline: datetime | None,
    key: datetime,
    seed: bytes | None,
    target: str | None,
) -> Row | None:
    """Change a batch as it was read; None when somebody else changed it meanwhile."""
    return await uow.fetchrow(
        QUERIES.change_batch, batch["id"], state, priority, deadline, key, seed, batch["version"], target
    )


async def reorder_batch(uow: UnitOfWork, batch: UUID, rows_max: int, state_too: bool) -> int:
    """Bring some tasks of a batch to its place, and to its state if that changed; returns how many."""
    return int(await uow.fetchval(QUERIES.reorder_batch, batch, rows_max, state_too))


async def filtered_tasks(
    uow: UnitOfWork, project: UUID, wanted: TaskFilter, limit: int | None, next_token: str | None
) -> Page[TaskView]:
    """Return a page of the tasks that pass a filter, with who has each of them now."""
    held = None
    if wanted.held:
        rows = await uow.fetch(QUERIES.held_tasks, project, wanted.holder_id, HELD_TASKS_MAX)
        held = [row["task_id"] for row in rows]
    asked = (project, wanted.state, wanted.batch_id, wanted.unique_id, held)
    found, following = await rows_by_id(uow, QUERIES.tasks, limit, next_token, *asked)
    return Page(await task_views(uow, found), following)


async def task_views(uow: UnitOfWork, rows: Sequence[Row]) -> list[TaskView]:
    """Return tasks as the API shows them, with who has them now."""
    holders: dict[UUID, list[Holder]] = {row["id"]: [] for row in rows}
    for row in await uow.fetch(QUERIES.holders, list(holders)):
        holders[row["task_id"]].append(_holder(row))
    return [_task_view(row, holders[row["id"]]) for row in rows]


def _holder(row: Row) -> Holder:
    return Holder(
        member=format_id("member", row["member_id"]),
        name=row["name"],
        assignment=format_id("assignment", row["id"]),
        claimed_at=row["claimed_at"],
        expires_at=row["expires_at"],
    )


def _task_view(row: Row, holders: list[Holder]) -> TaskView:
    return TaskView(
        id=format_id("task", row["id"]),
        project=format_id("project", row["project_id"]),
        batch=format_id("batch", row["batch_id"]),
        item=format_id("item", row["item_id"]),
        unique_id=row["unique_id"],
        stage=row["stage"],
        state=row["state"],
        overlap=row["overlap"],
        leased=row["leased"],
        answered=row["answered"],
        reserved_for=outside_id("member", row["reserved_for"]),
        holders=holders,
        created_at=row["created_at"],
    )


def batch_counts(database: Database) -> KeptCounts[BatchesProgress]:
    """Return the counts of projects' batches, kept for a moment."""
    return KeptCounts(lambda project: _batches_progress(database, project, system_clock()))


async def _batches_progress(database: Database, project: UUID, now: datetime) -> BatchesProgress:
    since = new_id(int(now.timestamp() * 1000) - PACE_MILLISECONDS)
    rows = await database.fetch(QUERIES.batches_progress, project, since)
    names = BatchProgress.__struct_fields__[1:]
    return BatchesProgress(
        now,
        [
            BatchProgress(format_id("batch", row["batch_id"]), **{name: int(row[name]) for name in names})
            for row in rows
        ],
    )


async def tasks_for_change(uow: UnitOfWork, tasks: Sequence[UUID]) -> list[Row]:
    """Lock and return tasks."""
    return await uow.fetch(QUERIES.tasks_for_change, list(tasks))
