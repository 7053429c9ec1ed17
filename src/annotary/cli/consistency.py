"""`annotary consistency`: labels that contradict, in a project or in a file of predictions."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_project
from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.quality.consistency.predictions_text import PredictionTable
    from annotary.quality.consistency.values_sparse import LabelErrors

HEADER = ("task", "given", "suggested", "given_probability", "suggested_probability")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("consistency")(consistency)


def consistency(
    predictions: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PREDICTIONS.csv]",
            help="Columns task, given, label, probability: a few likely labels for each task.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", "-p", help="Check a project instead: id or name.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="identical, near_duplicate, track or label_error; all if left out."),
    ] = None,
    wanted: Annotated[
        str, typer.Option("--wanted", help="What is to come of it: report, review or requeue.")
    ] = "report",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Show at most so many.")] = 100,
    out: Annotated[Path | None, typer.Option("--out", help="Write all label errors to a CSV file.")] = None,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Find labels that models doubt (a file), or whatever contradicts in a project."""
    if (predictions is None) == (project is None):
        raise typer.BadParameter("Say either a file of predictions or --project.")
    if predictions is not None:
        _check_file(predictions, limit, out, json)
        return
    with connected(url, token, data_dir) as client:
        found = find_project(client, str(project))
        started = client.consistency.check(found.modality, found.id, kinds=kind, wanted=wanted)  # type: ignore[arg-type]
        job = client.jobs.wait(started)
        listed = client.consistency.list(found.modality, found.id, run=started)
        shown = [one for one, _ in zip(listed, range(limit), strict=False)]
    result = job.result or {}
    if json:
        print_json({"job": started, **result, "contradictions": shown})
        return
    _show_project(result, shown)


def _show_project(result: dict[str, Any], shown: list[dict[str, Any]]) -> None:
    from annotary.cli.shown import print_table

    rows = [(one["kind"], one["unique_id"], f"{one['score']:.2f}", one["reason"]) for one in shown]
    print_table(("kind", "task", "score", "why"), rows, numbers=("score",))
    kinds = ", ".join(f"{count} {kind}" for kind, count in result.get("found", {}).items())
    say(f"{result.get('compared')} outcomes compared; found: {kinds or 'nothing'}.")


def _check_file(file: Path, limit: int, out: Path | None, json: bool) -> None:
    from annotary.cli.text_files import read_text
    from annotary.quality.consistency.label_errors import label_errors
    from annotary.quality.consistency.predictions_text import read_predictions

    table = read_predictions(read_text(file), file.name)
    started = time.perf_counter()
    errors = label_errors(table.data)
    seconds = time.perf_counter() - started
    rows = _rows(table, errors)
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([HEADER, *rows])
    counts = {"tasks": len(table.tasks), "classes": len(table.labels), "found": len(rows)}
    if json:
        named = [dict(zip(HEADER, row, strict=True)) for row in rows[:limit]]
        print_json({**counts, "label_errors": named, "seconds": seconds})
        return
    from annotary.cli.shown import print_table

    shown = [(*row[:3], f"{row[3]:.4f}", f"{row[4]:.4f}") for row in rows[:limit]]
    print_table(HEADER, shown, numbers=HEADER[3:])
    say(f"{counts['found']} of {counts['tasks']} labels are likely wrong; the most likely come first.")


def _rows(table: PredictionTable, errors: LabelErrors) -> list[tuple[str, str, str, float, float]]:
    given = table.data.given
    return [
        (table.tasks[task], table.labels[given[task]], table.labels[suggested], own, probability)
        for task, suggested, own, probability in zip(
            errors.task.tolist(),
            errors.suggested.tolist(),
            errors.given_probability.tolist(),
            errors.suggested_probability.tolist(),
            strict=True,
        )
    ]
