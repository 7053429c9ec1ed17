"""`annotary openapi`: the description of a service's API, without a running service."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("openapi")(openapi)


def openapi(
    service: Annotated[str, typer.Argument(help="platform, text, image or video.")],
) -> None:
    """Print what a service says of its API (OpenAPI 3.1, JSON), to make clients from."""
    from annotary.services.openapi import describe

    print(describe(service).decode())
