"""HTTP of predictions; mounted below `/v1/{modality}`."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.serving import service
from annotary.serving.values import NewPredictions, PredictionsStored, PredictionView


@post("/predictions", status_code=200, summary="Store what models say")
async def add_predictions(request: Request, data: JSONBody[NewPredictions]) -> Response[PredictionsStored]:
    """Store predictions, all or none, and suggest the best of each task to its annotators. For managers.

    A model version predicts once for a task: the same again has no effect, something else is refused.
    """
    caller = await authenticate(request)
    checked = await service.check_predictions(database(request), caller, data)
    return await write(request, caller.member_id, lambda uow: service.store_predictions(uow, caller, checked))


@get("/predictions", summary="What models said about a task")
async def list_predictions(
    request: Request,
    task: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[PredictionView]:
    """List the predictions for a task, in the order they came. For reviewers and managers."""
    caller = await authenticate(request)
    task_id = parse_id("task", task)
    async with database(request).connection() as uow:
        return await service.list_predictions(uow, caller, task_id, limit, next_token)


ROUTES = [add_predictions, list_predictions]
