"""HTTP of the registry: what programs fetch once and keep by its hash."""

from __future__ import annotations

from typing import cast

from litestar import Response, get
from litestar.params import FromPath

from annotary.identity.service import authenticate
from annotary.infra.http import JSON, Request, database
from annotary.kernel.limits import REGISTRY_KEPT_SECONDS, REGISTRY_NAME_KEPT_SECONDS
from annotary.ontology.service_registry import look_up
from annotary.ontology.views import OntologyVersionView


@get("/v1/registry/{reference:path}", summary="A version for programs")
async def read_entry(request: Request, reference: FromPath[str]) -> Response[OntologyVersionView]:
    """Return a version by its id, its content hash, or `name@number` (`name@latest`).

    The ETag is the content hash: with it in `If-None-Match` an unchanged version is answered with 304. What
    is asked for by id or hash never changes, so it may be kept for a year.
    """
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        entry = await look_up(uow, caller, reference.removeprefix("/"))
    tag = f'"{entry.version.content_hash}"'
    kept = (
        f"max-age={REGISTRY_KEPT_SECONDS}, immutable"
        if entry.immutable
        else f"max-age={REGISTRY_NAME_KEPT_SECONDS}"
    )
    headers = {"ETag": tag, "Cache-Control": f"private, {kept}"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return cast(Response[OntologyVersionView], Response(b"", status_code=304, headers=headers))
    return Response(entry.version, media_type=JSON, headers=headers)


ROUTES = [read_entry]
