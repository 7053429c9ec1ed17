"""`/healthz`, `/readyz` and `/metrics`, the same in every service."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from prometheus_client.exposition import choose_encoder

from annotary.infra.http import Request, database
from annotary.infra.idempotency import QUERIES
from annotary.infra.telemetry import REGISTRY

READY_TIMEOUT_SECONDS = 1.5


@get("/healthz", include_in_schema=False, sync_to_thread=False)
def healthz() -> str:
    """The process answers."""
    return "ok"


@get("/readyz", include_in_schema=False)
async def readyz(request: Request) -> Response[dict[str, object]]:
    """Whether everything that is needed answers; `missing` names what does not."""
    missing = {}
    try:
        await asyncio.wait_for(database(request).execute(QUERIES.ping), READY_TIMEOUT_SECONDS)
    except Exception as error:
        missing["database"] = repr(error)[:200]
    body: dict[str, object] = {"ready": not missing, "missing": missing}
    return Response(body, status_code=503 if missing else 200)


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics(request: Request) -> Response[bytes]:
    """Prometheus' text format; OpenMetrics, which has exemplars, for who asks for it."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), media_type=media_type)


ROUTES = [healthz, readyz, metrics]
