"""The service of one modality: dispatch, submissions, quality and suggestions over its own schema."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from litestar import Litestar, Router

from annotary.audit import routes as audit_routes
from annotary.audit.lineage import routes as lineage_routes
from annotary.catalog import job_runs
from annotary.dispatch import routes as dispatch_routes
from annotary.dispatch import routes_management, routes_mine
from annotary.dispatch.service import Dispatcher
from annotary.dispatch.store import batch_counts, connect_for_groups
from annotary.eventlog.chain.service_keys import key_file
from annotary.identity.values import Caller
from annotary.infra.direct import DirectRoute
from annotary.infra.gate import Gate
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.limits import RELEASE_CONNECTIONS_MAX
from annotary.live import routes as live_routes
from annotary.live.service import Live
from annotary.migration import routes as migration_routes
from annotary.migration.service_noting import keep_noting
from annotary.operations.hops import routes as hops_routes
from annotary.operations.hops.metrics import HopMetrics
from annotary.operations.pace import routes as pace_routes
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
from annotary.slices import routes as slice_routes
from annotary.streams import routes as stream_routes
from annotary.streams.routes_sse import Streams
from annotary.streams.subscriptions import routes as subscription_routes
from annotary.streams.webhooks import routes_deliveries
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
        app.state.batch_counts = batch_counts(app.state.database)
        app.state.estimates = Estimates()
        app.state.modality = modality
        app.state.audit_key_file = key_file(settings.data_dir)
        app.state.live = Live(app.state.database, settings.signing_key, app.state.progress_counts)
        app.state.streams = Streams(app.state.database)
        app.state.on_change += [dispatcher.forget, app.state.live.changed]
        noting = asyncio.create_task(
            keep_noting(app.state.database, dispatcher.took, app.state.intake.refused)
        )
        metrics = HopMetrics(modality, app.state.database)
        work = LongWork(modality, settings)
        app.state.enqueue = work.enqueue
        app.state.platform_database = work.platform
        try:
            async with app.state.live.running(), metrics.running():
                yield
        finally:
            noting.cancel()
            await app.state.streams.close()
            await work.close()
            await hot.close()

    routes = [
        *dispatch_routes.ROUTES,
        *routes_mine.ROUTES,
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
        *slice_routes.ROUTES,
        *live_routes.ROUTES,
        *hops_routes.ROUTES,
        *pace_routes.ROUTES,
        *stream_routes.ROUTES,
        *subscription_routes.ROUTES,
        *routes_deliveries.ROUTES,
        *lineage_routes.ROUTES,
        *audit_routes.ROUTES,
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
    """Asks the worker for it, such as to release a batch. This, and lineage, need the platform's database."""

    def __init__(self, modality: str, settings: Settings) -> None:
        self._modality = modality
        self._settings = settings
        self._platform: Database | None = None

    async def enqueue(self, caller: Caller, kind: str, request: msgspec.Struct, project: UUID) -> UUID:
        """Write and defer a job of this modality about a project; returns its id."""
        platform = await self.platform()
        async with platform.transaction() as uow:
            return await job_runs.enqueue(
                uow,
                kind=kind,
                service=self._modality,
                request=request,
                organisation_id=caller.organisation_id,
                project_id=project,
                created_by=caller.member_id,
            )

    async def platform(self) -> Database:
        """Return the platform's database, connected when it is first asked for."""
        if self._platform is None:
            url = self._settings.database_urls["platform"]
            self._platform = await Database.connect(
                url, "platform", connections_max=RELEASE_CONNECTIONS_MAX, connections_min=0
            )
        return self._platform

    async def close(self) -> None:
        """Close the connection, if one was made."""
        if self._platform is not None:
            await self._platform.close()
