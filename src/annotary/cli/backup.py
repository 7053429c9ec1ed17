"""`annotary backup`: everything into one file, while the platform runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.options import DataDir, Json, print_json, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup")(backup)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write databases, objects and keys into FILE. It holds secrets: keep it as you keep the data folder."""
    from annotary.infra.settings import Settings
    from annotary.services.backup import back_up
    from annotary.services.supervisor_access import reach

    with reach(Settings.from_environment(data_dir=data_dir)) as settings:
        manifest = back_up(settings, file.absolute())
    size_bytes = file.stat().st_size
    rows = sum(sum(part.counts.values()) for part in manifest.databases)
    if json:
        print_json({"ok": True, "file": str(file), "bytes": size_bytes, "rows": rows, "manifest": manifest})
        return
    say(f"{file}: {size_bytes / 1e6:.1f} MB, {rows:,} rows, {manifest.parts['objects'].files:,} objects.")
    if manifest.objects_at:
        say(f"The objects in {manifest.objects_at} are not in it: back them up there.")
