"""The platform's service: organisations, projects, ontologies, the catalog and jobs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from litestar import Litestar, Router
from litestar.types import ControllerRouterHandler

from annotary.audit import routes as audit_routes
from annotary.audit.lineage import routes_finding
from annotary.catalog import routes as catalog_routes
from annotary.catalog.probe import probe_media
from annotary.eventlog.chain.service_keys import key_file
from annotary.identity import routes as identity_routes
from annotary.identity import routes_invitations, routes_sessions
from annotary.identity.service_passwords import Scrypting
from annotary.infra.gate import Gate
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.limits import RELEASE_CONNECTIONS_MAX
from annotary.live import routes as live_routes
from annotary.live.service import Live
from annotary.migration.publications import routes as publication_routes
from annotary.modalities.answers import check_definition
from annotary.ontology import routes as ontology_routes
from annotary.ontology import routes_registry
from annotary.projects import routes as project_routes
from annotary.services.application import application
from annotary.streams import routes as stream_routes
from annotary.streams.routes_sse import Streams
from annotary.streams.subscriptions import routes as subscription_routes
from annotary.streams.webhooks import routes as webhook_routes
from annotary.streams.webhooks import routes_deliveries


def platform_application(settings: Settings) -> Gate:
    """Return the ASGI application of the platform."""

    @contextlib.asynccontextmanager
    async def prepare(app: Litestar) -> AsyncIterator[None]:
        app.state.check_definition = check_definition
        app.state.objects = open_objects(settings)
        app.state.audit_key_file = key_file(settings.data_dir)
        app.state.probe = probe_media
        app.state.scrypting = Scrypting()
        answers = ModalityDatabases(settings)
        app.state.answers = answers.of
        app.state.streams = Streams(app.state.database)
        app.state.live = Live(app.state.database, settings.signing_key)
        app.state.on_change.append(app.state.live.changed)
        try:
            async with app.state.live.running():
                yield
        finally:
            await app.state.streams.close()
            await answers.close()

    routes: list[ControllerRouterHandler] = [
        *identity_routes.ROUTES,
        *routes_sessions.ROUTES,
        *routes_invitations.ROUTES,
        *ontology_routes.ROUTES,
        *routes_registry.ROUTES,
        *publication_routes.ROUTES,
        *project_routes.ROUTES,
        *catalog_routes.ROUTES,
        *routes_finding.ROUTES,
        *webhook_routes.ROUTES,
        Router("/v1", route_handlers=routes_deliveries.ROUTES),
        Router(
            "/v1",
            route_handlers=[
                *live_routes.ROUTES,
                *audit_routes.ROUTES,
                stream_routes.read_events,
                *stream_routes.SCHEMA_ROUTES,
                *subscription_routes.ROUTES,
            ],
        ),
    ]
    return application("platform", settings, routes, prepare=prepare)


class ModalityDatabases:
    """The databases of the modalities, opened when first asked for: to look at answers before publishing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: dict[str, Database] = {}

    async def of(self, modality: str) -> Database:
        """Return the database of a modality."""
        if modality not in self._opened:
            self._opened[modality] = await Database.connect(
                self._settings.database_urls[modality],
                modality,
                connections_max=RELEASE_CONNECTIONS_MAX,
                connections_min=0,
            )
        return self._opened[modality]

    async def close(self) -> None:
        """Close those that were opened."""
        for database in self._opened.values():
            await database.close()
