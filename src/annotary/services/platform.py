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
from annotary.infra.settings import Settings
from annotary.modalities.answers import check_definition
from annotary.ontology import routes as ontology_routes
from annotary.projects import routes as project_routes
from annotary.services.application import application


def platform_application(settings: Settings) -> Gate:
    """Return the ASGI application of the platform."""

    @contextlib.asynccontextmanager
    async def prepare(app: Litestar) -> AsyncIterator[None]:
        app.state.check_definition = check_definition
        app.state.objects = open_objects(settings)
        app.state.probe = probe_media
        yield

    routes = [
        *identity_routes.ROUTES,
        *ontology_routes.ROUTES,
        *project_routes.ROUTES,
        *catalog_routes.ROUTES,
    ]
    return application("platform", settings, routes, prepare=prepare)
