"""Batches and tasks over HTTP: what managers do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.catalog.job_runs import ReleaseRequest
from annotary.dispatch import service_batches, service_tasks, store
from annotary.dispatch.errors import UnknownTask
from annotary.dispatch.routes import write_and_wake
from annotary.dispatch.routes_listing import FILTER
from annotary.dispatch.service import project_copy
from annotary.dispatch.values import (
    BatchChange,
    BatchesProgress,
    BatchView,
    Changed,
    NewBatch,
    Reassignment,
    TaskFilter,
    TasksChange,
    TasksReassignment,
    TaskView,
)
from annotary.identity.rules import access_project
from annotary.identity.service import authenticate
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page, Request, database, etag, if_match, write
from annotary.infra.kept_counts import KeptCounts
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import BATCH_ITEMS_MAX, REASON_CHARACTERS_MAX
from annotary.kernel.names import body_id, check_text
from annotary.projects.overlap import OverlapTarget

A = TypeVar("A", bound=str)
Verb = Callable[[UnitOfWork, Caller, A, list[UUID], str], Awaitable[Changed]]
ACTIONS = (
    ("pause", "Pause tasks", "Hold tasks back; those who have them may finish."),
    ("resume", "Resume tasks", "Offer paused tasks again."),
    (
        "cancel",
        "Cancel tasks",
        "End tasks without an outcome; leases are taken back, answers stay in the record.",
    ),
    (
        "requeue",
        "Ask again",
        "Ask for all answers anew: earlier ones stay in the record and no longer count.",
    ),
)
RECALL = ("recall", "Take tasks back", "Take live leases back: whoever claims next gets the tasks.")


@post("/batches", status_code=202, summary="Release items as tasks")
async def create_batch(request: Request, data: JSONBody[NewBatch]) -> Response[BatchView]:
    """Release a dataset, or some items, as the tasks of a new batch; a job does it."""
    caller = await authenticate(request)
    project = await project_copy(database(request), parse_id("project", data.project))
    access_project(caller, project["id"], project["organisation_id"], Role.MANAGER)
    items = [parse_id("item", item) for item in data.items or ()]
    if len(items) > BATCH_ITEMS_MAX:
        raise Invalid(
            path="/items",
            found=len(items),
            expected=f"at most {BATCH_ITEMS_MAX} items; import or use a dataset",
        )
    dataset = parse_id("dataset", data.dataset) if data.dataset else None
    batch_id = service_batches.new_batch_id()

    async def action(uow: UnitOfWork) -> BatchView:
        row = await service_batches.create_batch(uow, caller, project, data, batch_id)
        wanted = ReleaseRequest(batch_id=batch_id, dataset_id=dataset, item_ids=items)
        job = await request.app.state.enqueue(caller, "release", wanted, project["id"])
        return batch_view(row, format_id("job", job))

    return await write(request, caller.member_id, action, status=202)


@get("/batches", summary="List batches")
async def list_batches(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[BatchView]:
    """List the batches of a project."""
    caller = await authenticate(request)
    project_id = await _managed(request, caller, project)
    async with database(request).connection() as uow:
        return await page_by_id(uow, store.QUERIES.batches, batch_view, limit, next_token, project_id)


@get("/batches/progress", summary="How far batches are")
async def read_batches_progress(request: Request, project: FromQuery[str]) -> BatchesProgress:
    """Return how far the batches of a project are, a few seconds old at most unless counting takes long."""
    caller = await authenticate(request)
    project_id = await _managed(request, caller, project)
    counts = cast(KeptCounts[BatchesProgress], request.app.state.batch_counts)
    return await counts.of(project_id)


@get("/batches/{batch_id:str}", summary="One batch")
async def get_batch(request: Request, batch_id: FromPath[str]) -> Response[BatchView]:
    """Return one batch, with its ETag."""
    caller = await authenticate(request)
    row = await service_batches.batch_of(database(request), caller, parse_id("batch", batch_id))
    return Response(batch_view(row), headers=etag(row["version"]))


@patch("/batches/{batch_id:str}", summary="Change a batch")
async def change_batch(
    request: Request, batch_id: FromPath[str], data: JSONBody[BatchChange]
) -> Response[BatchView]:
    """Pause, resume or cancel a batch, or change its priority, deadline and order."""
    caller = await authenticate(request)

    async def action(uow: UnitOfWork) -> BatchView:
        identity = parse_id("batch", batch_id)
        return batch_view(await service_batches.change_batch(uow, caller, identity, data, if_match(request)))

    return await write(request, caller.member_id, action, headers=lambda view: etag(view.version))


@get("/tasks", summary="List tasks", dependencies=FILTER)
async def list_tasks(
    request: Request,
    project: FromQuery[str],
    wanted: NamedDependency[TaskFilter],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[TaskView]:
    """List the tasks of a project: all, those in one state or of one batch, those that somebody holds now."""
    caller = await authenticate(request)
    project_id = await _managed(request, caller, project, Role.REVIEWER)
    async with database(request).connection() as uow:
        return await store.filtered_tasks(uow, project_id, wanted, limit, next_token)


@get("/tasks/{task_id:str}", summary="One task")
async def get_task(request: Request, task_id: FromPath[str]) -> TaskView:
    """Return one task and how far it is."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        row = await uow.fetchrow(store.QUERIES.task, parse_id("task", task_id))
        if row is None:
            raise UnknownTask()
        access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
        (view,) = await store.task_views(uow, [row])
    return view


def acting(root: str, verb: Verb[A], action: A, summary: str, words: str) -> HTTPRouteHandler:
    """Return the route by which managers do one thing to tasks; `verb` does it in their name."""

    @post(f"{root}/{action}", status_code=200, summary=summary, description=words)
    async def act(request: Request, data: JSONBody[TasksChange]) -> Response[Changed]:
        caller = await authenticate(request)
        tasks = _task_ids(data.tasks)
        reason = check_text(data.reason, "/reason", REASON_CHARACTERS_MAX, may_be_empty=True)
        return await write_and_wake(
            request, caller.member_id, lambda uow: verb(uow, caller, action, tasks, reason)
        )

    return act


@post("/tasks/{task_id:str}/reassign", status_code=204, summary="Keep a task for one member")
async def reassign(request: Request, task_id: FromPath[str], data: JSONBody[Reassignment]) -> Response[None]:
    """Take a task's live leases back and keep it for one member."""
    caller = await authenticate(request)

    async def action(uow: UnitOfWork) -> None:
        await service_tasks.reassign(uow, caller, parse_id("task", task_id), parse_id("member", data.member))

    return await write_and_wake(request, caller.member_id, action, status=204)


@post("/tasks/reassign", status_code=200, summary="Keep tasks for one member")
async def reassign_many(request: Request, data: JSONBody[TasksReassignment]) -> Response[Changed]:
    """Take the live leases of tasks back and keep them for one member, but for those they had before."""
    caller = await authenticate(request)
    tasks, member = _task_ids(data.tasks), body_id("member", data.member, "/member")
    return await write_and_wake(
        request, caller.member_id, lambda uow: service_tasks.reassign_many(uow, caller, tasks, member)
    )


def _task_ids(tasks: list[str]) -> list[UUID]:
    return [body_id("task", task, f"/tasks/{number}") for number, task in enumerate(tasks)]


async def _managed(request: Request, caller: Caller, project: str, at_least: Role = Role.MANAGER) -> UUID:
    row = await project_copy(database(request), parse_id("project", project))
    access_project(caller, row["id"], row["organisation_id"], at_least)
    return cast(UUID, row["id"])


def batch_view(row: Row, job: str | None = None) -> BatchView:
    """Return a batch as the API shows it."""
    return BatchView(
        id=format_id("batch", row["id"]),
        project=format_id("project", row["project_id"]),
        name=row["name"],
        priority=row["priority"],
        deadline=row["deadline"],
        overlap=row["overlap"],
        target=msgspec.json.decode(row["target"], type=OverlapTarget) if row["target"] else None,
        skill_minimum=row["skill_minimum"],
        order="imported" if row["shuffle_seed"] is None else "shuffled",
        state=row["state"],
        tasks=row["tasks_total"],
        version=row["version"],
        created_at=row["created_at"],
        job=job,
    )


ROUTES = [
    create_batch,
    list_batches,
    read_batches_progress,
    get_batch,
    change_batch,
    list_tasks,
    get_task,
    *(acting("/tasks", service_tasks.change_tasks, *one) for one in ACTIONS),
    acting("/tasks", service_tasks.recall, *RECALL),
    reassign,
    reassign_many,
]
