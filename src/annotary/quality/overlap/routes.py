"""HTTP of dynamic overlap; mounted below `/v1/{modality}`."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath

from annotary.identity.service import authenticate
from annotary.infra.http import Request, database
from annotary.kernel.ids import parse_id
from annotary.quality.overlap import service
from annotary.quality.overlap.values import OverlapReport


@get("/batches/{batch_id:str}/overlap", summary="What dynamic overlap saved")
async def read_overlap(request: Request, batch_id: FromPath[str]) -> OverlapReport:
    """Return how often a batch's tasks were answered, beside a fixed overlap. For managers."""
    caller = await authenticate(request)
    return await service.read_overlap(database(request), caller, parse_id("batch", batch_id))


ROUTES = [read_overlap]
