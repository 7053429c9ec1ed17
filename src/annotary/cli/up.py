"""`annotary up`: start everything, and keep it running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.services.supervisor_up import Ready


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    data_dir: DataDir = None,
    port: Annotated[
        int,
        typer.Option("--port", help="Where to listen (default: 8420, or a free one).", show_default=False),
    ] = 0,
    json: Json = False,
) -> None:
    """Start Postgres, the services and the edge, and keep them running until Ctrl-C."""
    import msgspec

    from annotary.infra.settings import Settings
    from annotary.services.supervisor_parts import parts
    from annotary.services.supervisor_up import Installation

    settings = Settings.from_environment(data_dir=data_dir)
    if port:
        settings = msgspec.structs.replace(settings, edge_port=port)
    Installation(settings, parts(), say).run(print_json if json else _announce)


def _announce(ready: Ready) -> None:
    print(f"Annotary is ready after {ready.seconds:.1f} s: {ready.url}")
    print(f"Data folder: {ready.data_dir}")
    if ready.owner_token:
        print(f"Owner token (shown this once, keep it): {ready.owner_token}")
    print("Ctrl-C stops it.", flush=True)
