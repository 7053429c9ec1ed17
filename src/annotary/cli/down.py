"""`annotary down`: stop what runs on a data folder."""

from __future__ import annotations

import os
import signal
import time
from typing import Annotated

import typer

from annotary.cli.options import DataDir, Json, print_json, say

POLL_SECONDS = 0.02


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("down")(down)


def down(
    data_dir: DataDir = None,
    seconds_max: Annotated[
        float, typer.Option("--wait", help="How many seconds to wait for the end.")
    ] = 60.0,
    json: Json = False,
) -> None:
    """Stop everything cleanly; fine, too, when nothing runs."""
    from annotary.infra.settings import Settings
    from annotary.services.supervisor_folder import Folder

    folder = Folder(Settings.from_environment(data_dir=data_dir).data_dir)
    was_running = folder.is_running()
    if was_running:
        record = folder.read_record()
        if record is None:
            say(f"The record of {folder.path} cannot be read: end the process of `annotary up` yourself.")
            raise typer.Exit(2)
        os.kill(record.pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds_max
        while folder.is_running():
            if time.monotonic() > deadline:
                say(f"Process {record.pid} still runs after {seconds_max:.0f} s.")
                raise typer.Exit(1)
            time.sleep(POLL_SECONDS)
    if json:
        print_json({"ok": True, "was_running": was_running})
    else:
        say("Stopped." if was_running else f"Nothing runs on {folder.path}.")
