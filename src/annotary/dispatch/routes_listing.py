"""What lists over HTTP have in common that are of a project or of a task."""

from __future__ import annotations

from litestar.di import Provide
from litestar.params import FromQuery

from annotary.dispatch.values import Listing


def read_listing(
    project: FromQuery[str | None] = None,
    task: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Listing:
    """Return what the query of a request asks for."""
    return Listing(project, task, limit, next_token)


LISTING = {"listing": Provide(read_listing, sync_to_thread=False)}
