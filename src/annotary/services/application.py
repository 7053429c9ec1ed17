"""What every service's application has: state, error shape, health, the gate, caches that hear of changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

import structlog
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

import annotary
from annotary.identity.rules_sessions import COOKIE
from annotary.identity.service import AccessCache
from annotary.infra import health
from annotary.infra.direct import DirectRoute, DirectRoutes
from annotary.infra.disk import DiskGuard
from annotary.infra.gate import Gate
from annotary.infra.postgres import Database
from annotary.infra.problems import handle_error
from annotary.infra.settings import Settings
from annotary.infra.strict_json import StrictJSON
from annotary.infra.telemetry import tracer
from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import BODY_BYTES_MAX, SERVICE_CONNECTIONS_MAX

log = structlog.get_logger(__name__)
LISTEN_RETRY_SECONDS = 0.5


def application(
    service: str,
    settings: Settings,
    routes: Sequence[ControllerRouterHandler],
    *,
    prepare: Callable[[Litestar], contextlib.AbstractAsyncContextManager[None]],
    direct: Sequence[DirectRoute] = (),
) -> Gate:
    """Return the ASGI application of a service.

    `prepare` adds what only that service has, and ends it; `direct` are routes that pass the framework by.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        database = await Database.connect(
            settings.database_urls[service], service, connections_max=SERVICE_CONNECTIONS_MAX
        )
        app.state.settings = settings
        app.state.service = service
        app.state.database = database
        app.state.access = AccessCache(database, service != "platform", settings.signing_key)
        app.state.on_change = [app.state.access.clear]
        listening = asyncio.create_task(_hear_changes(app))
        try:
            async with prepare(app):
                yield
        finally:
            listening.cancel()
            await database.close()

    app = Litestar(
        [*routes, *health.ROUTES],
        lifespan=[lifespan],
        dto=StrictJSON,
        return_dto=None,
        # AnnotaryError must be named: Litestar sends only exceptions it knows a handler for to our shape.
        exception_handlers={AnnotaryError: handle_error, Exception: handle_error},
        openapi_config=_openapi(service),
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
    )
    disk = DiskGuard(settings.data_dir, settings.disk_free_bytes_min)
    served = DirectRoutes(app, direct) if direct else app
    return Gate(served, tracer=tracer(service, settings.otlp_endpoint), disk=disk)


def _openapi(service: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title=f"Annotary: {service}",
        version=annotary.__version__,
        path=f"/schema/{service}",
        render_plugins=[JsonRenderPlugin()],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer"),
                "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name=COOKIE),
            }
        ),
        security=[{"token": []}, {"session": []}],
    )


async def _hear_changes(app: Litestar) -> None:
    """Clear what was cached of access and projects whenever the database says they changed."""

    def clear() -> None:
        for forget in app.state.on_change:
            forget()

    database: Database = app.state.database
    while True:
        try:
            await database.listen(f"changed_{database.schema}", clear)
        except Exception as error:
            log.info("listening again", reason=repr(error))
        await asyncio.sleep(LISTEN_RETRY_SECONDS)
