"""HTTP of lineage on the platform: the way to the modality that has an outcome."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.params import FromPath

from annotary.audit.lineage import service
from annotary.identity.service import authenticate
from annotary.infra.http import Request
from annotary.infra.settings import MODALITIES


@get("/v1/outcomes/{outcome:str}/lineage", summary="The chain behind an outcome", status_code=307)
async def find_lineage(request: Request, outcome: FromPath[str]) -> Response[None]:
    """Lead (307) to the lineage of an outcome or task, whichever modality has it."""
    caller = await authenticate(request)
    databases = await asyncio.gather(*(request.app.state.answers(name) for name in MODALITIES))
    modality = await service.modality_of(databases, caller, outcome)
    place = f"/v1/{modality}/outcomes/{outcome}/lineage"
    return Response(None, status_code=307, headers={"Location": place})


ROUTES = [find_lineage]
