"""`annotary export`: the outcomes of a project, as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, ProjectArgument, tell

if TYPE_CHECKING:
    from annotary.client import Client


class ExportFormat(StrEnum):
    """What can be written."""

    JSONL = "jsonl"
    COCO = "coco"
    PREFERENCE = "preference"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


@on_platform
def export(
    client: Client,
    project: ProjectArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.", dir_okay=False)],
    format: Annotated[ExportFormat, typer.Option("--format", "-f")] = ExportFormat.JSONL,
    answers: Annotated[
        bool, typer.Option("--answers", help="With everybody's answers beside each outcome (jsonl).")
    ] = False,
    json: Json = False,
) -> None:
    """Write the accepted outcomes of a project to a file."""
    from annotary.cli.shown import follow_job, progress_bar

    kind = "preference_jsonl" if format is ExportFormat.PREFERENCE else format.value
    found = find_project(client, project)
    job = client.exports.start(found.id, format=kind, include_submissions=answers)  # type: ignore[arg-type]
    with progress_bar(f"Exporting {found.name}") as update:
        ended = client.exports.wait(job.id, progress=follow_job(update))
    size = client.exports.download(job.id, out)
    result = ended.result or {}
    shown = {"ok": True, "job": ended.id, "out": str(out), "size_bytes": size, "result": result}
    tell(json, shown, f"Wrote {out}: {result.get('tasks', '?')} tasks, {size:,} bytes.")
