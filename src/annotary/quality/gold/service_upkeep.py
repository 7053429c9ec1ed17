"""Keeping gold: tasks are retired, doubted, rotated, and turned back into what they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from annotary.dispatch.values import Changed
from annotary.eventlog import fact, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id
from annotary.kernel.limits import GOLD_EXPOSURES_MAX, GOLD_PER_REQUEST_MAX
from annotary.projects.service import read_project
from annotary.quality.gold import rules, store
from annotary.quality.gold.errors import UnknownGold, WornOut
from annotary.quality.gold.values import Rotated, outside
from annotary.quality.skill import store as skill

Action = Literal["retire", "reinstate", "return"]
# Which states an action starts from, and the fact it makes.
_MOVES: dict[Action, tuple[tuple[str, ...], str]] = {
    "retire": (("active",), "gold.retired"),
    "reinstate": (("retired", "suspect"), "gold.reinstated"),
    "return": (("active", "retired", "suspect"), "gold.returned"),
}


async def change_gold(
    uow: UnitOfWork, caller: Caller, action: Action, tasks: Sequence[UUID], reason: str
) -> Changed:
    """Retire, reinstate or turn back gold tasks; returns how many were in a state for it. For managers."""
    if not 1 <= len(tasks) <= GOLD_PER_REQUEST_MAX:
        raise Invalid(path="/tasks", found=len(tasks), expected=f"1 to {GOLD_PER_REQUEST_MAX} task ids")
    held = await uow.fetch(store.QUERIES.hold_gold, list(tasks))
    for row in held:
        access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    if len(held) != len(set(tasks)):
        raise UnknownGold(path="/tasks")
    states, fact = _MOVES[action]
    fit = [row for row in held if row["state"] in states]
    ids = [row["task_id"] for row in fit]
    reason, by = reason or f"{action} by a manager", caller.member_id
    if action == "retire":
        await store.rest(uow, ids, "retired", reason, by)
    elif action == "reinstate":
        await _reinstate(uow, fit, by)
    else:
        await store.turn_back(uow, ids, reason, by)
    told: dict[str, object] = {"reason": reason}
    if action == "return":
        for row in fit:
            was = {"state": row["state_before"], "overlap": row["overlap_before"]}
            await _tell(uow, fact, [row], by, told | was)
    else:
        await _tell(uow, fact, fit, by, told)
    return Changed(len(fit))


async def _reinstate(uow: UnitOfWork, held: Sequence[Row], by: UUID | None) -> None:
    worn = [row["task_id"] for row in held if row["answered"] >= GOLD_EXPOSURES_MAX]
    if worn:
        raise WornOut(path="/tasks", tasks=outside(worn[:3]))
    await store.reinstate(uow, [row["task_id"] for row in held], by)
    trusted = [row["task_id"] for row in held if row["state"] == "suspect"]
    await skill.judge_gold_again(uow, trusted)


async def rotate(uow: UnitOfWork, caller: Caller, project_id: UUID, tasks: int) -> Rotated:
    """Exchange up to `tasks` of the most exposed gold tasks for retired ones that rested longest."""
    await read_project(uow, caller, project_id, Role.MANAGER)
    if not 1 <= tasks <= GOLD_PER_REQUEST_MAX:
        raise Invalid(path="/tasks", found=tasks, expected=f"1 to {GOLD_PER_REQUEST_MAX}")
    tired, rested = await store.to_rotate(uow, project_id, tasks)
    held = await uow.fetch(store.QUERIES.hold_gold, [*tired, *rested])
    # Another request may have been faster.
    out = [row for row in held if row["task_id"] in tired and row["state"] == "active"]
    back = [row for row in held if row["task_id"] in rested and row["state"] == "retired"]
    by = caller.member_id
    await store.rest(uow, [row["task_id"] for row in out], "retired", "rotated", by)
    await store.reinstate(uow, [row["task_id"] for row in back], by)
    await _tell(uow, "gold.retired", out, by, {"reason": "rotated"})
    await _tell(uow, "gold.reinstated", back, by, {"reason": "rotated"})
    return Rotated(outside([row["task_id"] for row in out]), outside([row["task_id"] for row in back]))


async def retire_worn(database: Database) -> int:
    """Retire gold tasks that were given out often enough, or whose item is gone; returns how many."""
    found = await store.worn(database)
    for row in found:
        reason = "the item was deleted" if row["is_erased"] else f"given out {row['exposures']} times"
        async with database.transaction() as uow:
            held = await uow.fetch(store.QUERIES.hold_gold, [row["task_id"]])
            active = [one for one in held if one["state"] == "active"]
            await store.rest(uow, [one["task_id"] for one in active], "retired", reason, None)
            await _tell(uow, "gold.retired", active, None, {"reason": reason})
    return len(found)


async def doubt(database: Database, tasks: Sequence[UUID]) -> list[UUID]:
    """Take known answers that good annotators disagree with out of use; returns their tasks.

    Their answers count for nobody and against nobody until a manager has looked. The event names those who
    were paused with such an answer against them, to be resumed.
    """
    async with database.connection() as uow:
        scores = await store.good_scores(uow, tasks)
    doubted = [task for task, found in scores.items() if rules.is_doubtful(found)]
    for task in doubted:
        found = scores[task]
        mean = sum(found) / len(found)
        reason = f"{len(found)} good annotators agree with the known answer to {mean:.0%} only"
        async with database.transaction() as uow:
            held = await uow.fetch(store.QUERIES.hold_gold, [task])
            trusted = [row for row in held if row["state"] in ("active", "retired")]
            if trusted:
                await store.rest(uow, [task], "suspect", reason, None)
                paused = await uow.fetch(store.QUERIES.paused_since, task)
                data = {
                    "reason": reason,
                    "annotators": len(found),
                    "score": mean,
                    "paused": [format_id("member", row["member_id"]) for row in paused],
                }
                await _tell(uow, "gold.suspected", trusted, None, data)
                await skill.void_gold(uow, [task])
    return doubted


async def _tell(
    uow: UnitOfWork, kind: str, held: Sequence[Row], by: UUID | None, data: dict[str, object]
) -> None:
    if held:
        await record(
            uow,
            *(fact(kind, row, by, {"project": row["project_id"], **data}, "task_id") for row in held),
        )
