"""`annotary restore`: a backup into an empty data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.options import DataDir, Json, print_json, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore")(restore)


def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `annotary backup` wrote.", exists=True, dir_okay=False)
    ],
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Restore FILE into an empty data folder, and check every count and hash against its manifest."""
    from annotary.infra.settings import Settings
    from annotary.services.restore import restore as restore_backup

    settings = Settings.from_environment(data_dir=data_dir)
    manifest = restore_backup(settings, file)
    rows = sum(sum(part.counts.values()) for part in manifest.databases)
    if json:
        print_json({"ok": True, "data_dir": str(settings.data_dir), "rows": rows, "manifest": manifest})
    else:
        say(f"{rows:,} rows of {manifest.created_at} are in {settings.data_dir}, all as in the manifest.")
