"""What lists over HTTP are asked for: the entries of a project or of a task, and which tasks of a project."""

from __future__ import annotations

from typing import Annotated

from litestar.di import Provide
from litestar.params import FromQuery, QueryParameter

from annotary.dispatch.values import Listing, TaskFilter, TaskState
from annotary.kernel.ids import parse_id


def read_listing(
    project: FromQuery[str | None] = None,
    task: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Listing:
    """Return what the query of a request asks for."""
    return Listing(project, task, limit, next_token)


def read_filter(
    task_state: Annotated[TaskState | None, QueryParameter(name="state")] = None,
    batch: FromQuery[str | None] = None,
    unique_id: FromQuery[str | None] = None,
    held: FromQuery[bool] = False,
    holder: FromQuery[str | None] = None,
) -> TaskFilter:
    """Return which tasks the query of a request asks for."""
    return TaskFilter(
        task_state,
        parse_id("batch", batch) if batch else None,
        unique_id,
        held or holder is not None,
        parse_id("member", holder) if holder else None,
    )


LISTING = {"listing": Provide(read_listing, sync_to_thread=False)}
FILTER = {"wanted": Provide(read_filter, sync_to_thread=False)}
