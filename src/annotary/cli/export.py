"""`annotary export`: the outcomes of a project, as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_project
from annotary.cli.options import DataDir, Json, print_json, say


class ExportFormat(StrEnum):
    """What can be written."""

    JSONL = "jsonl"
    COCO = "coco"
    PREFERENCE = "preference"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Its id or its name.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.", dir_okay=False)],
    format: Annotated[ExportFormat, typer.Option("--format", "-f")] = ExportFormat.JSONL,
    answers: Annotated[
        bool, typer.Option("--answers", help="With everybody's answers beside each outcome (jsonl).")
    ] = False,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write the accepted outcomes of a project to a file."""
    from annotary.cli.shown import follow_job, progress_bar

    kind = "preference_jsonl" if format is ExportFormat.PREFERENCE else format.value
    with connected(url, token, data_dir) as client:
        found = find_project(client, project)
        job = client.exports.start(found.id, format=kind, include_submissions=answers)  # type: ignore[arg-type]
        with progress_bar(f"Exporting {found.name}") as update:
            ended = client.exports.wait(job.id, progress=follow_job(update))
        size = client.exports.download(job.id, out)
    result = ended.result or {}
    if json:
        print_json({"ok": True, "job": ended.id, "out": str(out), "size_bytes": size, "result": result})
    else:
        say(f"Wrote {out}: {result.get('tasks', '?')} tasks, {size:,} bytes.")
