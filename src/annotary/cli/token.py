"""`annotary token`: what members sign in with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_member
from annotary.cli.options import DataDir, Json, print_json, say


def register(parent: typer.Typer) -> None:
    """Add the commands to the group `token`, which is made when no other module made it."""
    group = next((one.typer_instance for one in parent.registered_groups if one.name == "token"), None)
    if group is None:
        group = typer.Typer(help="Tokens of members.", no_args_is_help=True)
        parent.add_typer(group, name="token")
    group.command("create")(create)
    group.command("list")(list_tokens)
    group.command("revoke")(revoke)


def create(
    name: Annotated[str, typer.Argument(help="What it is for, to know it again.")],
    member: Annotated[str | None, typer.Option("--member", help="For whom (default: yourself).")] = None,
    new_member: Annotated[
        str | None, typer.Option("--new-member", help="For a new member of this name.")
    ] = None,
    role: Annotated[str, typer.Option("--role", help="The role of a new member.")] = "annotator",
    expires: Annotated[
        datetime | None, typer.Option("--expires", help="When it ends (UTC; default: until revoked).")
    ] = None,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make a token, and print it this once; for yourself, for a member, or for a new member."""
    if member and new_member:
        raise typer.BadParameter("Say either --member or --new-member.")
    with connected(url, token, data_dir) as client:
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


def list_tokens(url: Url = None, token: Token = None, data_dir: DataDir = None, json: Json = False) -> None:
    """List tokens, without their secrets."""
    with connected(url, token, data_dir) as client:
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


def revoke(
    revoked: Annotated[str, typer.Argument(metavar="TOKEN_ID", help="The id, not the secret.")],
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Revoke a token."""
    with connected(url, token, data_dir) as client:
        ended = client.tokens.revoke(revoked)
    if json:
        print_json({"token": ended})
    else:
        say(f"Revoked {ended.id} ({ended.name}).")
