"""What is done to all tasks that a filter finds, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from annotary.dispatch.service_tasks import change_tasks
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import format_id
from annotary.kernel.limits import REASON_CHARACTERS_MAX, SLICE_TASKS_PER_ACTION_MAX
from annotary.kernel.names import body_id, check_text
from annotary.projects.service import read_project
from annotary.quality.gold.service import add_gold
from annotary.quality.gold.values import NewGoldSet
from annotary.slices import rules
from annotary.slices.store import QUERIES
from annotary.slices.values import ActionRequest, ActionStep


async def act(uow: UnitOfWork, caller: Caller, asked: ActionRequest) -> ActionStep:
    """Act on the next so many tasks that a filter finds, behind the last one of the step before.

    Steps go by the tasks' ids, so that acting on tasks, which may take them out of the filter, neither passes
    one over nor meets one twice. Returns where to go on. For managers.
    """
    project = await read_project(uow, caller, body_id("project", asked.project, "/project"), Role.MANAGER)
    reason = check_text(asked.reason, "/reason", REASON_CHARACTERS_MAX, may_be_empty=True)
    wanted = rules.wanted(asked.filter, Role.MANAGER)
    after = body_id("task", asked.after, "/after") if asked.after else None
    since = None if after is None else UUID(int=after.int + 1)
    await uow.execute(QUERIES.plan_for_values)
    rows = await uow.fetch(QUERIES.found_ids, project["id"], since, None, *wanted, SLICE_TASKS_PER_ACTION_MAX)
    tasks = [row["task_id"] for row in rows]
    last = format_id("task", tasks[-1]) if len(tasks) == SLICE_TASKS_PER_ACTION_MAX else None
    changed = await _act(uow, caller, asked, tasks, reason) if tasks else 0
    return ActionStep(len(tasks), changed, last)


async def _act(
    uow: UnitOfWork, caller: Caller, asked: ActionRequest, tasks: Sequence[UUID], reason: str
) -> int:
    if asked.action != "gold":
        return (await change_tasks(uow, caller, asked.action, tasks, reason)).changed
    fit = [format_id("task", row["task_id"]) for row in await uow.fetch(QUERIES.fit_for_gold, tasks)]
    if not fit:
        return 0
    made = await add_gold(uow, caller, NewGoldSet(project=asked.project, from_outcomes=True, tasks=fit))
    return made.made
