"""`annotary invite`: links by which people come in, or set a password anew; there is no mail server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_member, find_project
from annotary.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("invite")(invite)


@on_platform
def invite(
    client: Client,
    role: Annotated[str, typer.Argument(help="The role in the organisation.")] = "annotator",
    name: Annotated[str | None, typer.Option("--name", help="Who it is for.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="To sign in with.")] = None,
    project: Annotated[
        list[str] | None, typer.Option("--project", "-p", help="A project to work on (again for more).")
    ] = None,
    reset: Annotated[
        str | None, typer.Option("--reset", help="A member who is to set a password anew, instead.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a link by which somebody becomes a member, once and within 7 days; it is printed this once."""
    if reset:
        if name or email or project:
            raise typer.BadParameter("With --reset say nothing else.")
        made = client.members.reset_password(find_member(client, reset).id)
    else:
        there = "annotator" if role == "annotator" else "reviewer" if role == "reviewer" else "manager"
        roles = {find_project(client, one).id: there for one in project or ()}
        made = client.members.invite(role, name=name, email=email, projects=roles)  # type: ignore[arg-type]
    if json:
        print_json({"invitation": made})
    else:
        say(f"Good until {made.expires_at:%Y-%m-%d %H:%M} UTC, once; whoever opens it first comes in:")
        print(made.url)
