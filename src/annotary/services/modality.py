"""The service of one modality: dispatch, submissions, quality and suggestions over its own schema."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from litestar import Litestar, Router

from annotary.catalog import job_runs
from annotary.dispatch import routes as dispatch_routes
from annotary.dispatch import routes_management
from annotary.dispatch.service import Dispatcher
from annotary.dispatch.store import connect_for_groups
from annotary.identity.values import Caller
from annotary.infra.direct import DirectRoute
from annotary.infra.gate import Gate
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.limits import RELEASE_CONNECTIONS_MAX
from annotary.migration import routes as migration_routes
from annotary.migration.service_noting import keep_noting
from annotary.quality import routes as quality_routes
from annotary.quality.agreement import routes as agreement_routes
from annotary.quality.agreement.service_report import Estimates
from annotary.quality.consistency import routes as consistency_routes
from annotary.quality.gold import routes as gold_routes
from annotary.quality.overlap import routes as overlap_routes
from annotary.quality.runs import routes as runs_routes
from annotary.quality.service_outcomes import ProgressCounts
from annotary.quality.skill import routes as skill_routes
from annotary.review import routes as review_routes
from annotary.review import routes_audits, routes_issues
from annotary.services.application import application
from annotary.serving import routes as serving_routes
from annotary.submissions import routes as submission_routes
from annotary.submissions.service import Intake


def modality_application(modality: str, settings: Settings) -> Gate:
    """Return the ASGI application of a modality's service."""

    @contextlib.asynccontextmanager
    async def prepare(app: Litestar) -> AsyncIterator[None]:
        hot = await connect_for_groups(settings.database_urls[modality], modality)
        dispatcher = Dispatcher(app.state.database, hot)
        app.state.dispatcher = dispatcher
        app.state.intake = Intake(modality, app.state.database, hot, dispatcher)
        app.state.keep_leases = app.state.intake.keep
        app.state.progress_counts = ProgressCounts(app.state.database)
        app.state.estimates = Estimates()
        app.state.modality = modality
        app.state.on_change.append(dispatcher.forget)
        noting = asyncio.create_task(
            keep_noting(app.state.database, dispatcher.took, app.state.intake.refused)
        )
        work = LongWork(modality, settings)
        app.state.enqueue = work.enqueue
        try:
            yield
        finally:
            noting.cancel()
            await work.close()
            await hot.close()

    routes = [
        *dispatch_routes.ROUTES,
        *routes_management.ROUTES,
        *submission_routes.ROUTES,
        *quality_routes.ROUTES,
        *agreement_routes.ROUTES,
        *runs_routes.ROUTES,
        *overlap_routes.ROUTES,
        *consistency_routes.ROUTES,
        *gold_routes.ROUTES,
        *skill_routes.ROUTES,
        *review_routes.ROUTES,
        *routes_issues.ROUTES,
        *routes_audits.ROUTES,
        *serving_routes.ROUTES,
        *migration_routes.ROUTES,
    ]
    root = f"/v1/{modality}"
    router = Router(root, route_handlers=routes, tags=[modality])
    submission = root + "/assignments/{assignment_id}/submission"
    direct = [
        DirectRoute(f"{root}/claims", dispatch_routes.claim_directly),
        DirectRoute(submission, submission_routes.submit_directly),
    ]
    return application(modality, settings, [router], prepare=prepare, direct=direct)


class LongWork:
    """Asks the worker for it, such as to release a batch; only this needs the platform's database."""

    def __init__(self, modality: str, settings: Settings) -> None:
        self._modality = modality
        self._settings = settings
        self._platform: Database | None = None

    async def enqueue(self, caller: Caller, kind: str, request: msgspec.Struct, project: UUID) -> UUID:
        """Write and defer a job of this modality about a project; returns its id."""
        if self._platform is None:
            url = self._settings.database_urls["platform"]
            self._platform = await Database.connect(
                url, "platform", connections_max=RELEASE_CONNECTIONS_MAX, connections_min=0
            )
        async with self._platform.transaction() as uow:
            return await job_runs.enqueue(
                uow,
                kind=kind,
                service=self._modality,
                request=request,
                organisation_id=caller.organisation_id,
                project_id=project,
                created_by=caller.member_id,
            )

    async def close(self) -> None:
        """Close the connection, if one was made."""
        if self._platform is not None:
            await self._platform.close()
