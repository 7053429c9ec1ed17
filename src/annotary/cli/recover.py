"""`annotary token recover`: a way back in for whoever can read the data folder."""

from __future__ import annotations

import asyncio

import typer

from annotary.cli.options import DataDir, Json, print_json


def register(app: typer.Typer) -> None:
    """Add the command to the group `token`, which is made when no other module made it."""
    group = next((one.typer_instance for one in app.registered_groups if one.name == "token"), None)
    if group is None:
        group = typer.Typer(help="Tokens of members.", no_args_is_help=True)
        app.add_typer(group, name="token")
    group.command("recover")(recover)


def recover(data_dir: DataDir = None, json: Json = False) -> None:
    """Make a new token for the first owner, when every owner token is lost. The log keeps a record of it."""
    from annotary.infra.settings import Settings
    from annotary.services.first_owner import recover_owner_token
    from annotary.services.supervisor_access import reach

    with reach(Settings.from_environment(data_dir=data_dir)) as settings:
        token = asyncio.run(recover_owner_token(settings))
    if json:
        print_json({"ok": True, "owner_token": token})
    else:
        print(token)
