"""`annotary token`: what members sign in with, and a way back in for whoever can read the data folder."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_member
from annotary.cli.options import DataDir, Json, print_json, say, tell

if TYPE_CHECKING:
    from annotary.client import Client

app = typer.Typer(help="Tokens of members.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="token")


@app.command()
@on_platform
def create(
    client: Client,
    name: Annotated[str, typer.Argument(help="What it is for, to know it again.")],
    member: Annotated[str | None, typer.Option("--member", help="For whom (default: yourself).")] = None,
    new_member: Annotated[
        str | None, typer.Option("--new-member", help="For a new member of this name.")
    ] = None,
    role: Annotated[str, typer.Option("--role", help="The role of a new member.")] = "annotator",
    expires: Annotated[
        datetime | None, typer.Option("--expires", help="When it ends (UTC; default: until revoked).")
    ] = None,
    json: Json = False,
) -> None:
    """Make a token, and print it this once; for yourself, for a member, or for a new member."""
    if member and new_member:
        raise typer.BadParameter("Say either --member or --new-member.")
    owner = find_member(client, member).id if member else None
    if new_member:
        owner = client.members.add(new_member, role).id  # type: ignore[arg-type]
    until = expires.replace(tzinfo=UTC) if expires else None
    made = client.tokens.create(name, member=owner, expires_at=until)
    if json:
        print_json({"token": made})
    else:
        say(f"Token {made.id} of {made.member}; it is shown this once:")
        print(made.token)


@app.command("list")
@on_platform
def list_tokens(client: Client, json: Json = False) -> None:
    """List tokens, without their secrets."""
    found = list(client.tokens.list())
    if json:
        print_json({"tokens": found})
        return
    from annotary.cli.shown import print_table

    now = datetime.now(UTC)

    def state(revoked: datetime | None, expires: datetime | None) -> str:
        return "revoked" if revoked else "over" if expires and expires <= now else "valid"

    rows = [(one.id, one.name, one.member, state(one.revoked_at, one.expires_at)) for one in found]
    print_table(("id", "name", "member", "state"), rows)


@app.command()
@on_platform
def revoke(
    client: Client,
    revoked: Annotated[str, typer.Argument(metavar="TOKEN_ID", help="The id, not the secret.")],
    json: Json = False,
) -> None:
    """Revoke a token."""
    ended = client.tokens.revoke(revoked)
    tell(json, {"token": ended}, f"Revoked {ended.id} ({ended.name}).")


@app.command()
def recover(data_dir: DataDir = None, json: Json = False) -> None:
    """Make a new token for the first owner, and a link to sign in with it, when every other way is lost.

    The log keeps a record of it.
    """
    from annotary.infra.settings import Settings
    from annotary.services.first_owner import recover_owner_token
    from annotary.services.supervisor_access import reach

    with reach(Settings.from_environment(data_dir=data_dir)) as settings:
        token = asyncio.run(recover_owner_token(settings))
    link = settings.welcome_url(token)
    if json:
        print_json({"ok": True, "owner_token": token, "welcome_url": link})
    else:
        say(f"Open this link to sign in: {link or 'none while it is down; start it with `annotary up`'}")
        print(token)
