"""`annotary up`: start everything, and keep it running."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.infra.settings import Settings
    from annotary.services.supervisor_up import Ready

DRAWING_NICENESS = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    data_dir: DataDir = None,
    port: Annotated[
        int,
        typer.Option("--port", help="Where to listen (default: 8420, or a free one).", show_default=False),
    ] = 0,
    starter: Annotated[
        bool | None,
        typer.Option(
            "--starter/--no-starter",
            help="Whether a new installation gets projects to try (default: $ANNOTARY_STARTER, else yes).",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Start Postgres, the services and the edge, and keep them running until Ctrl-C."""
    import msgspec

    from annotary.infra.kafka import kafka_client
    from annotary.infra.settings import Settings
    from annotary.services.supervisor_parts import parts
    from annotary.services.supervisor_up import Installation

    settings = Settings.from_environment(data_dir=data_dir)
    if settings.kafka.bootstrap:
        # Said now rather than in a log.
        kafka_client()
    if port:
        settings = msgspec.structs.replace(settings, edge_port=port)
    if starter is not None:
        settings = msgspec.structs.replace(settings, starter=starter)
    whole = msgspec.structs.replace(parts(), afterwards=starter_projects)
    Installation(settings, whole, say).run(print_json if json else _announce)


def starter_projects(settings: Settings, token: str | None) -> Callable[[], None] | None:
    """Return what makes the starter projects, at a first start and while they are not complete."""
    unfinished = settings.data_dir / "run" / "starter"
    if token is not None and settings.starter:
        unfinished.mkdir(exist_ok=True)
    if not unfinished.exists():
        return None

    def make() -> None:
        from annotary.cli.connection import owner_token
        from annotary.client import Client
        from annotary.demo import starter

        with Client(settings.url, token or owner_token(settings)) as client:
            starter.make(client, unfinished, say, _give_way)
        shutil.rmtree(unfinished)

    return make


def _give_way() -> None:
    """Let whoever labels the first project go before the drawing of the others."""
    os.setpriority(os.PRIO_PROCESS, 0, DRAWING_NICENESS)


def _announce(ready: Ready) -> None:
    print(f"Annotary is ready after {ready.seconds:.1f} s: {ready.url}")
    print(f"Data folder: {ready.data_dir}")
    if ready.owner_token:
        print(f"Open this link to begin: {ready.welcome_url}")
        print(f"Owner token (shown this once, keep it): {ready.owner_token}")
    print("Ctrl-C stops it.", flush=True)
