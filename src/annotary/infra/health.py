"""`/healthz`, `/readyz` and `/metrics`, the same in every service."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from prometheus_client import generate_latest

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
def metrics() -> Response[bytes]:
    """Prometheus' text format."""
    return Response(generate_latest(REGISTRY), media_type="text/plain; version=0.0.4")


ROUTES = [healthz, readyz, metrics]
