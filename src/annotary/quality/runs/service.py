"""Runs asked for over HTTP; a job of the worker does them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from annotary.identity.errors import UnknownProject
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import new_id
from annotary.kernel.names import body_id
from annotary.ontology.values import Definition
from annotary.projects.quality import read_quality
from annotary.quality.runs import rules
from annotary.quality.runs.errors import UnknownRun
from annotary.quality.runs.store import QUERIES, run_view
from annotary.quality.runs.values import NewRun, RunRequest, RunView

# Writes the job of a run to the queue: caller, kind, request, project; returns the job's id.
Enqueue = Callable[[Caller, str, RunRequest, UUID], Awaitable[UUID]]


async def start_run(uow: UnitOfWork, caller: Caller, enqueue: Enqueue, asked: NewRun) -> RunView:
    """Have a project's outcomes found anew. For its managers."""
    project = await _project(uow, caller, body_id("project", asked.project, "/project"))
    aggregator = asked.aggregator or read_quality(project["quality"]).aggregator
    definition = msgspec.json.decode(project["definition"], type=Definition)
    possible = rules.aggregators_for(definition)
    if aggregator not in possible:
        expected = f"one of {', '.join(possible)}"
        raise Invalid(path="/aggregator", found=aggregator, expected=expected)
    return await _add(uow, caller, enqueue, project, aggregator, msgspec.json.encode(asked.parameters), None)


async def revert_run(uow: UnitOfWork, caller: Caller, enqueue: Enqueue, run_id: UUID) -> RunView:
    """Have the outcomes that a run made give way to those before it. For the project's managers."""
    run = await _run(uow, caller, run_id)
    project = await _project(uow, caller, run["project_id"])
    parameters = run["parameters"].encode()
    return await _add(uow, caller, enqueue, project, run["aggregator"], parameters, run["id"])


async def read_run(uow: UnitOfWork, caller: Caller, run_id: UUID) -> RunView:
    """Return a run."""
    return run_view(await _run(uow, caller, run_id))


async def list_runs(
    uow: UnitOfWork, caller: Caller, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[RunView]:
    """Return the runs of a project, oldest first."""
    await _project(uow, caller, project_id)
    return await page_by_id(uow, QUERIES.runs_page, run_view, limit, next_token, project_id)


async def _add(
    uow: UnitOfWork,
    caller: Caller,
    enqueue: Enqueue,
    project: Row,
    aggregator: str,
    parameters: bytes,
    reverts: UUID | None,
) -> RunView:
    run_id, project_id = new_id(), project["project_id"]
    job_id = await enqueue(caller, "consensus", RunRequest(run_id), project_id)
    whose = (project_id, project["organisation_id"], job_id)
    told = (aggregator, parameters.decode(), reverts, caller.member_id)
    return run_view(await one(uow, QUERIES.add_run, run_id, *whose, *told))


async def _project(uow: UnitOfWork, caller: Caller, project_id: UUID) -> Row:
    row = await uow.fetchrow(QUERIES.project, project_id)
    if row is None:
        raise UnknownProject()
    access_project(caller, project_id, row["organisation_id"], Role.MANAGER)
    return row


async def _run(uow: UnitOfWork, caller: Caller, run_id: UUID) -> Row:
    row = await uow.fetchrow(QUERIES.run, run_id)
    if row is None:
        raise UnknownRun()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    return row
