"""The platform's service: organisations, projects, ontologies, the catalog and jobs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from litestar import Litestar

from annotary.catalog import routes as catalog_routes
from annotary.catalog.probe import probe_media
from annotary.identity import routes as identity_routes
from annotary.infra.gate import Gate
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.limits import RELEASE_CONNECTIONS_MAX
from annotary.migration.publications import routes as publication_routes
from annotary.modalities.answers import check_definition
from annotary.ontology import routes as ontology_routes
from annotary.ontology import routes_registry
from annotary.projects import routes as project_routes
from annotary.services.application import application


def platform_application(settings: Settings) -> Gate:
    """Return the ASGI application of the platform."""

    @contextlib.asynccontextmanager
    async def prepare(app: Litestar) -> AsyncIterator[None]:
        app.state.check_definition = check_definition
        app.state.objects = open_objects(settings)
        app.state.probe = probe_media
        answers = ModalityDatabases(settings)
        app.state.answers = answers.of
        try:
            yield
        finally:
            await answers.close()

    routes = [
        *identity_routes.ROUTES,
        *ontology_routes.ROUTES,
        *routes_registry.ROUTES,
        *publication_routes.ROUTES,
        *project_routes.ROUTES,
        *catalog_routes.ROUTES,
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
