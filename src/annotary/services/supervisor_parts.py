"""What an installation consists of: the services' entry points, and what is done before they start."""

from __future__ import annotations

import asyncio
import importlib
from functools import partial

from annotary.infra.settings import SERVICES, Settings
from annotary.services.supervisor_up import Parts

PRELOADED = ("run", "platform", "modality", "worker", "schema", "first_owner")


def parts() -> Parts:
    """Return the parts of a whole installation."""
    return Parts(
        preload=preload,
        prepare=prepare,
        services={**{name: partial(_serve, name) for name in SERVICES}, "worker": _work},
    )


def preload() -> None:
    """Import what the services need, once, before they are forked."""
    for name in PRELOADED:
        importlib.import_module(f"annotary.services.{name}")


def prepare(settings: Settings) -> str | None:
    """Bring all schemas up to date; returns the first owner's token when this is the first start."""
    from annotary.services.first_owner import ensure_first_owner
    from annotary.services.schema import migrate_all

    async def run() -> str | None:
        await migrate_all(settings)
        return await ensure_first_owner(settings)

    return asyncio.run(run())


def _serve(name: str, settings: Settings) -> None:
    from annotary.services.run import run_service

    run_service(name, settings)


def _work(settings: Settings) -> None:
    from annotary.services.worker import run_worker

    run_worker(settings)
