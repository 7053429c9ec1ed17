"""HTTP of what is mine: what waits for me, and the task of a lease that I hold."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath

from annotary.dispatch import service_waiting
from annotary.dispatch.routes import dispatcher, given
from annotary.dispatch.values import AssignmentGiven, Waiting
from annotary.identity.service import authenticate
from annotary.infra.http import Request, database
from annotary.kernel.ids import parse_id


@get("/waiting", summary="What waits for me")
async def read_waiting(request: Request) -> Waiting:
    """Return how much waits for the caller in each project; `open` is counted up to 1,000."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_waiting.read_waiting(uow, caller, request.app.state.modality)


@get("/assignments/{assignment_id:str}/task", summary="The task of a lease")
async def read_task_held(request: Request, assignment_id: FromPath[str]) -> AssignmentGiven:
    """Return a lease that the caller holds as the claim gave it, with fresh addresses of its assets."""
    caller = await authenticate(request)
    lease = await dispatcher(request).held(caller, parse_id("assignment", assignment_id))
    return given(request, caller, [lease])[0]


ROUTES = [read_waiting, read_task_held]
