"""`annotary demo`: the whole product on sample data, from an empty folder to compared exports."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import EXIT_COULD_NOT_RUN, EXIT_FOUND, connected, owner_token
from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.demo.values import Report, Sample


TABLE_CHARACTERS = 165


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    data_dir: DataDir = None,
    port: Annotated[
        int,
        typer.Option("--port", help="Where to listen (default: 8420, or a free one).", show_default=False),
    ] = 0,
    once: Annotated[bool, typer.Option("--once", help="Stop everything at the end; the data stays.")] = False,
    json: Json = False,
) -> None:
    """Run everything on sample data: projects, annotators of differing skill, consensus, exports, accuracy.

    With ANNOTARY_SAMPLE_DATA naming a folder of real data, its crowd answers, images and clips take part.
    """
    import msgspec

    from annotary.demo.platform import running
    from annotary.infra.settings import Settings

    began = time.monotonic()
    # Asked to end, it stops the platform in good order, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings = Settings.from_environment(data_dir=data_dir)
    if port:
        settings = msgspec.structs.replace(settings, edge_port=port)
    samples = _samples()
    with running(settings, say) as platform:
        report = _run(platform.url, owner_token(settings), settings.data_dir, samples, began)
        if json:
            print_json(report)
        else:
            _show(report)
        if not once:
            say(f"Open {platform.url} with the owner's token, {owner_token(settings)} . Ctrl-C stops it.")
            _wait(platform.wait)
    if not report.ok:
        raise typer.Exit(EXIT_FOUND)


def _samples() -> list[Sample]:
    """Return the samples of the installed packages, and those of the folder that is named, where one is."""
    from annotary.demo import crowd, media
    from annotary.demo.bundled import SamplesMissing, bundled

    named = os.environ.get("ANNOTARY_SAMPLE_DATA", "")
    try:
        samples = bundled()
    except SamplesMissing as error:
        if not named:
            raise
        say(error.detail)
        samples = []
    if named:
        makers = (crowd.entailment, crowd.comparisons, media.cells, media.outlines, media.pedestrians)
        try:
            samples += [make(Path(named)) for make in makers]
        except (OSError, KeyError, ValueError) as error:
            say(f"annotary: ANNOTARY_SAMPLE_DATA: {named} is not laid out as expected: {error!r}.")
            raise typer.Exit(EXIT_COULD_NOT_RUN) from None
    return samples


def _run(url: str, token: str, data_dir: Path, samples: list[Sample], began: float) -> Report:
    from annotary.demo.run import Demo
    from annotary.demo.values import Report

    with connected(url, token, data_dir) as client:
        run = Demo(client, data_dir / "demo", say)
        projects = run.run(samples)
    ok = not run.problems and len(projects) == len(samples)
    return Report(
        ok=ok,
        seconds=round(time.monotonic() - began, 2),
        data_dir=str(data_dir),
        url=url,
        projects=projects,
        problems=run.problems,
    )


def _wait(wait: Callable[[], None]) -> None:
    try:
        wait()
    except KeyboardInterrupt:
        say("stopping")


def _show(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = (
        "tasks",
        "labels",
        "labels/s",
        "claim ms\np50 / p99",
        "submit ms\np50 / p99",
        "accuracy\nsingle",
    )
    table = Table("project", "modality", title=f"Annotary demo, {report.seconds:.0f} s", title_justify="left")
    for name in (*columns, "accuracy\nconsensus", "labels,\ndynamic", "accuracy,\ndynamic"):
        table.add_column(name, justify="right")
    table.add_column("export")
    for one in report.projects:
        table.add_row(
            one.name,
            one.modality,
            f"{one.tasks:,}",
            f"{one.labels:,}",
            f"{one.labels_per_s:,.0f}",
            f"{one.claim_ms.p50:.0f} / {one.claim_ms.p99:.0f}",
            f"{one.submit_ms.p50:.0f} / {one.submit_ms.p99:.0f}",
            f"{one.accuracy_single:.1%}",
            f"[bold]{one.accuracy:.1%}[/bold]",
            f"{one.overlap.labels_used:,}" if one.overlap else "",
            f"{one.overlap.accuracy:.1%}" if one.overlap else "",
            Path(one.export).name,
        )
    # Where the width is unknown the table is not folded: a log scrolls.
    console = Console() if sys.stdout.isatty() else Console(width=TABLE_CHARACTERS)
    console.print(table)
    console.print(
        "Accuracy is agreement with the known truth: equality of classes, F1 at IoU 0.5 of shapes and tracks."
        "\n"
        "Dynamic: the same people and items in a project that asks again only while an answer is worth it."
    )
    for problem in report.problems:
        console.print(f"[red]problem:[/red] {problem}")
    console.print(f"Platform: {report.url}   exports: {Path(report.data_dir) / 'demo'}", soft_wrap=True)
