"""What managers do with tasks: pause, resume, cancel, requeue, reassign."""

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
from annotary.kernel.limits import TASKS_PER_ACTION_MAX

# Which states an action starts from, and the one it leads to.
_MOVES = {
    "pause": (("open",), "paused"),
    "resume": (("paused",), "open"),
    "cancel": (("open", "paused"), "cancelled"),
}
_FACTS = {
    "pause": "task.paused",
    "resume": "task.resumed",
    "cancel": "task.cancelled",
    "requeue": "task.requeued",
}


async def change_tasks(
    uow: UnitOfWork, caller: Caller, action: str, tasks: Sequence[UUID], reason: str
) -> Changed:
    """Pause, resume, cancel or requeue tasks; returns how many were in a state for it."""
    locked = await _lock(uow, caller, tasks)
    from_states, to_state = _MOVES.get(action, (("open", "paused", "done"), "open"))
    fit = [row for row in locked if row["state"] in from_states]
    ids = [row["id"] for row in fit]
    if action in ("cancel", "requeue"):
        await uow.execute(store.QUERIES.revoke_leases, ids, reason or action)
    if action == "requeue":
        await uow.execute(rework.QUERIES.end_answers, ids, "revoked", reason or action)
        await uow.execute(rework.QUERIES.reopen_for, ids, [rework.NOBODY] * len(ids))
    else:
        await uow.execute(store.QUERIES.set_task_state, ids, to_state)
    await record(uow, *[fact(_FACTS[action], row, caller.member_id, {"reason": reason}) for row in fit])
    return Changed(len(fit))


async def reassign(uow: UnitOfWork, caller: Caller, task: UUID, member: UUID) -> None:
    """Take a task's live leases back and keep it for one member, who gets it with the next claim."""
    (row,) = await _lock(uow, caller, [task])
    if row["state"] not in ("open", "paused"):
        raise WrongState(f"The task is {row['state']}: requeue it first, then reassign it.")
    if not await uow.fetch(rework.QUERIES.at_work, [member], row["project_id"]):
        expected = "an active member who is on the project and not paused there"
        raise Invalid(path="/member", found=str(member), expected=expected)
    await uow.execute(store.QUERIES.revoke_leases, [task], "reassigned")
    await uow.execute(store.QUERIES.reserve_task, task, member)
    await record(uow, fact("task.reassigned", row, caller.member_id, {"member": str(member)}))


async def _lock(uow: UnitOfWork, caller: Caller, tasks: Sequence[UUID]) -> list[Row]:
    if not 1 <= len(tasks) <= TASKS_PER_ACTION_MAX:
        raise Invalid(path="/tasks", found=len(tasks), expected=f"1 to {TASKS_PER_ACTION_MAX} task ids")
    locked = await store.tasks_for_change(uow, tasks)
    for row in locked:
        access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    if len(locked) != len(set(tasks)):
        raise UnknownTask(path="/tasks")
    return locked
