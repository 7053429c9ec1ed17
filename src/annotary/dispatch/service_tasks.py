"""What managers do with tasks: pause, resume, cancel, requeue, recall, reassign."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from annotary.dispatch import rework, store
from annotary.dispatch.errors import UnknownTask, WrongState
from annotary.dispatch.values import Changed
from annotary.eventlog import fact, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Row, UnitOfWork
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id
from annotary.kernel.limits import TASKS_PER_ACTION_MAX

# Which states an action starts from, and the one it leads to.
_MOVES = {
    "pause": (("open",), "paused"),
    "resume": (("paused",), "open"),
    "cancel": (("open", "paused"), "cancelled"),
    "requeue": (("open", "paused", "done"), "open"),
}
_FACTS = {
    "pause": "task.paused",
    "resume": "task.resumed",
    "cancel": "task.cancelled",
}


async def change_tasks(
    uow: UnitOfWork, caller: Caller, action: str, tasks: Sequence[UUID], reason: str
) -> Changed:
    """Pause, resume, cancel or requeue tasks; returns how many were in a state for it."""
    locked = await _lock(uow, caller, tasks)
    from_states, to_state = _MOVES[action]
    fit = [row for row in locked if row["state"] in from_states]
    ids, by = [row["id"] for row in fit], caller.member_id
    if action in ("cancel", "requeue"):
        await uow.execute(store.QUERIES.revoke_leases, ids, reason or action, by)
    if action == "requeue":
        await uow.execute(rework.QUERIES.end_answers, ids, "revoked", reason or action, by)
        await uow.execute(rework.QUERIES.reopen_for, ids, [rework.NOBODY] * len(ids))
        facts = [rework.requeued(row, by, reason) for row in fit]
    else:
        await uow.execute(store.QUERIES.set_task_state, ids, to_state)
        facts = [fact(_FACTS[action], row, by, {"reason": reason}) for row in fit]
    await record(uow, *facts)
    return Changed(len(fit))


async def recall(
    uow: UnitOfWork, caller: Caller, _action: str, tasks: Sequence[UUID], reason: str
) -> Changed:
    """Take live leases back: whoever claims next gets the tasks. Returns how many tasks somebody had."""
    held = [row["id"] for row in await _lock(uow, caller, tasks) if row["leased"]]
    await uow.execute(store.QUERIES.revoke_leases, held, reason or "recalled", caller.member_id)
    return Changed(len(held))


async def reassign(uow: UnitOfWork, caller: Caller, task: UUID, member: UUID) -> None:
    """Take a task's live leases back and keep it for one member, who gets it with the next claim."""
    (row,) = await _lock(uow, caller, [task])
    if row["state"] not in ("open", "paused"):
        raise WrongState(f"The task is {row['state']}: requeue it first, then reassign it.")
    if not await _keep_for(uow, caller, [row], member):
        expected = "a member who has neither answered nor skipped the task"
        raise Invalid(path="/member", found=format_id("member", member), expected=expected)


async def reassign_many(uow: UnitOfWork, caller: Caller, tasks: Sequence[UUID], member: UUID) -> Changed:
    """Keep tasks for one member; returns how many were in a state for it, and can still be given to them."""
    locked = await _lock(uow, caller, tasks)
    return Changed(await _keep_for(uow, caller, locked, member))


async def _keep_for(uow: UnitOfWork, caller: Caller, locked: Sequence[Row], member: UUID) -> int:
    fit = [row for row in locked if row["state"] in ("open", "paused")]
    for project in {row["project_id"] for row in fit}:
        if not await uow.fetch(rework.QUERIES.at_work, [member], project):
            expected = "an active member who is on the project and not paused there"
            raise Invalid(path="/member", found=format_id("member", member), expected=expected)
    had = await uow.fetch(store.QUERIES.had_by, [row["id"] for row in fit], member)
    fit = [row for row in fit if row["id"] not in {one["task_id"] for one in had}]
    ids = [row["id"] for row in fit]
    await uow.execute(store.QUERIES.revoke_leases, ids, "reassigned", caller.member_id)
    await uow.execute(store.QUERIES.reserve_tasks, ids, member)
    await record(
        uow, *[fact("task.reassigned", row, caller.member_id, {"member": str(member)}) for row in fit]
    )
    return len(fit)


async def _lock(uow: UnitOfWork, caller: Caller, tasks: Sequence[UUID]) -> list[Row]:
    if not 1 <= len(tasks) <= TASKS_PER_ACTION_MAX:
        raise Invalid(path="/tasks", found=len(tasks), expected=f"1 to {TASKS_PER_ACTION_MAX} task ids")
    locked = await store.tasks_for_change(uow, tasks)
    for row in locked:
        access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    if len(locked) != len(set(tasks)):
        raise UnknownTask(path="/tasks")
    return locked
