"""What managers do with batches: release items as tasks, change place and order, pause, cancel."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from annotary.dispatch import rules, store
from annotary.dispatch.errors import UnknownBatch, WrongState
from annotary.dispatch.values import BatchChange, NewBatch
from annotary.eventlog import record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid, PreconditionFailed
from annotary.kernel.ids import new_id
from annotary.kernel.limits import BATCH_REORDER_ROWS_MAX, NAME_CHARACTERS_MAX, OVERLAP_MAX
from annotary.projects.overlap import OverlapTarget, check_target
from annotary.projects.quality import read_quality


async def create_batch(uow: UnitOfWork, caller: Caller, project: Row, asked: NewBatch, batch_id: UUID) -> Row:
    """Add a batch; its tasks are released by a job."""
    access_project(caller, project["id"], project["organisation_id"], Role.MANAGER)
    overlap = asked.overlap if asked.overlap is not None else project["overlap"]
    if not 1 <= overlap <= OVERLAP_MAX:
        raise Invalid(path="/overlap", found=overlap, expected=f"1 to {OVERLAP_MAX} independent answers")
    if len(asked.name) > NAME_CHARACTERS_MAX:
        raise Invalid(path="/name", found=asked.name, expected=f"at most {NAME_CHARACTERS_MAX} characters")
    _check_deadline(asked.deadline)
    if (asked.dataset is None) == (asked.items is None):
        raise Invalid(path="/dataset", found=asked.dataset, expected="either `dataset` or `items`")
    if asked.target is not None:
        check_target(asked.target, overlap, len(asked.items or ()))
    key = rules.order_key(system_clock(), asked.priority, asked.deadline)
    row = await store.insert_batch(
        uow,
        batch_id,
        caller.organisation_id,
        project["id"],
        asked.name or f"batch {batch_id.hex[-6:]}",
        asked.priority,
        asked.deadline,
        overlap,
        key,
        caller.member_id,
        asked.skill_minimum,
        None if asked.target is None else msgspec.json.encode(asked.target).decode(),
        store.shuffle_seed(rules.order_of(asked.order, read_quality(project["quality"]))),
    )
    await record(uow, store.batch_fact("batch.created", row, caller.member_id))
    return row


async def change_batch(
    uow: UnitOfWork, caller: Caller, batch_id: UUID, change: BatchChange, version: int | None
) -> Row:
    """Change a batch's state, priority, deadline, target or order; its tasks follow in bounded steps.

    A paused batch is left out by the claim itself from this moment on; moving its tasks out of the claimable
    index, which keeps claims fast, is done by the consumer of `batch.changed`.
    """
    row = await batch_of(uow, caller, batch_id)
    if version is not None and version != row["version"]:
        raise PreconditionFailed()
    if row["state"] == "cancelled":
        raise WrongState("The batch is cancelled: release its items as a new batch.")
    priority = change.priority or row["priority"]
    deadline = row["deadline"] if change.deadline is UNSET else change.deadline
    _check_deadline(deadline)
    key = rules.order_key(row["created_at"], priority, deadline)
    state = change.state or row["state"]
    seed = store.shuffle_seed(change.order, row["shuffle_seed"]) if change.order else row["shuffle_seed"]
    target = _target(row, change.target)
    changed = await store.change_batch(uow, row, state, priority, deadline, key, seed, target)
    if changed is None:
        raise PreconditionFailed()
    moved = {"state_changed": state != row["state"]}
    await record(uow, store.batch_fact("batch.changed", changed, caller.member_id, **moved))
    return changed


def _check_deadline(deadline: datetime | None) -> None:
    if deadline is not None and deadline.tzinfo is None:
        raise Invalid(path="/deadline", found=deadline.isoformat(), expected="a time with its time zone")


def _target(batch: Row, asked: OverlapTarget | UnsetType | None) -> str | None:
    """Return the target a batch is to have, encoded; what was decided before stays as it is."""
    if asked is UNSET:
        return cast(str | None, batch["target"])
    if asked is None:
        return None
    check_target(asked, batch["overlap"], batch["tasks_total"])
    return msgspec.json.encode(asked).decode()


async def follow_batch(database: Database, batch_id: UUID, state_too: bool) -> int:
    """Bring a batch's tasks to its place and state, a bounded number a transaction; returns how many."""
    total = 0
    while True:
        async with database.transaction() as uow:
            moved = await store.reorder_batch(uow, batch_id, BATCH_REORDER_ROWS_MAX, state_too)
        total += moved
        if moved < BATCH_REORDER_ROWS_MAX:
            return total


async def batch_of(source: UnitOfWork | Database, caller: Caller, batch_id: UUID) -> Row:
    """Return a batch the caller may manage."""
    row = await source.fetchrow(store.QUERIES.batch, batch_id)
    if row is None:
        raise UnknownBatch()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    return row


def new_batch_id() -> UUID:
    """Return the id of a new batch."""
    return new_id()
