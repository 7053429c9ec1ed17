"""The schemas of all services: which migrations make them."""

from __future__ import annotations

from importlib import resources

from annotary.infra.migrate import migrate
from annotary.infra.settings import SERVICES, Settings
from annotary.services.jobs_schema import migrate_jobs


async def migrate_service(url: str, service: str) -> list[str]:
    """Bring the schema of one service up to date."""
    root = resources.files("annotary.services").joinpath("migrations")
    own = "platform" if service == "platform" else "modality"
    applied = await migrate(url, service, [root.joinpath("every"), root.joinpath(own)])
    return applied + await migrate_jobs(url) if service == "platform" else applied


async def migrate_all(settings: Settings) -> dict[str, list[str]]:
    """Bring every service's schema, and the queue's, up to date; returns what was applied to each."""
    return {name: await migrate_service(settings.database_urls[name], name) for name in SERVICES}
