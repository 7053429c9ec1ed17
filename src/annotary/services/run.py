"""Runs one service in this process until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from annotary.infra.gate import Gate
from annotary.infra.settings import MODALITIES, Settings
from annotary.infra.telemetry import configure_logs

BACKLOG = 1024


def application_of(service: str, settings: Settings) -> Gate:
    """Return the ASGI application of a service by its name."""
    if service in MODALITIES:
        from annotary.services.modality import modality_application

        return modality_application(service, settings)
    from annotary.services.platform import platform_application

    return platform_application(settings)


def run_service(service: str, settings: Settings) -> None:
    """Serve at the service's port; returns after SIGTERM or SIGINT, when everything was answered."""
    configure_logs(service, settings.log_level)
    uvloop.run(_serve(service, settings))


async def _serve(service: str, settings: Settings) -> None:
    server = Server(
        application_of(service, settings),
        address=settings.host,
        port=settings.ports[service],
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        websockets=True,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
