"""`annotary hops`: where the time of a label, or of a project's labels, went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.hops import ProjectHops, SubmissionHops

BAR_CHARACTERS = 40
FULL, BEFORE = "█", "·"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("hops")(hops)


@on_platform
def hops(
    client: Client,
    submission: Annotated[
        str | None, typer.Argument(metavar="SUBMISSION", help="One label: the id of a submission.")
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", "-p", help="A project in place of one label: id or name.")
    ] = None,
    hours: Annotated[
        float, typer.Option("--hours", min=0.02, max=24 * 14, help="A project's last so many hours.")
    ] = 24.0,
    step_minutes: Annotated[
        int, typer.Option("--step-minutes", min=0, help="With --json: also by steps of so many minutes.")
    ] = 0,
    json: Json = False,
) -> None:
    """Show what a label waited for, hand-off by hand-off, or how long each takes in a project."""
    if (submission is None) == (project is None):
        raise typer.BadParameter("Give either the id of a SUBMISSION or a --project.")
    if submission is not None:
        label = client.hops.of(submission)
        print_json(label) if json else _show_label(label)
    elif project is not None:
        found = find_project(client, project)
        since = datetime.now(UTC) - timedelta(hours=hours)
        all_of = client.hops.of_project(found.modality, found.id, since=since, step_minutes=step_minutes)
        print_json(all_of) if json else _show_project(all_of)


def _show_label(label: SubmissionHops) -> None:
    from annotary.cli.shown import print_table

    bars = bars_of([hop.microseconds for hop in label.hops])
    rows = [
        (hop.name + (f" ({hop.why})" if hop.why else ""), duration(hop.microseconds / 1e6), bar)
        for hop, bar in zip(label.hops, bars, strict=True)
    ]
    rows += [(f"beside: {hop.name}", duration(hop.microseconds / 1e6), "") for hop in label.beside]
    rows.append(("total", duration(label.total_microseconds / 1e6), ""))
    print_table(("hop", "took", f"since {label.began_at:%Y-%m-%d %H:%M:%S}"), rows, numbers=("took",))
    for one in label.absent:
        say(f"{one.name}: {one.reason}")
    moved = [hop.name for hop in label.hops if hop.moved_microseconds]
    if moved:
        say(f"Clocks disagreed; moved to where they can have been: {', '.join(moved)}.")


def _show_project(found: ProjectHops) -> None:
    from annotary.cli.shown import print_table

    rows = [
        (
            hop.name,
            hop.count,
            *(duration(seconds) for seconds in (hop.p50_seconds, hop.p90_seconds, hop.p99_seconds)),
            FULL * round(BAR_CHARACTERS * hop.share),
            hop.slowest[0].submission if hop.slowest else "",
        )
        for hop in found.hops
    ]
    columns = ("hop", "labels", "p50", "p90", "p99", "share of the time", "slowest label")
    print_table(columns, rows, numbers=columns[1:5])
    for hop in found.hops:
        if hop.whys:
            parts = ", ".join(f"{why} {count / hop.count:.0%}" for why, count in sorted(hop.whys.items()))
            say(f"{hop.name} because of: {parts}")


def bars_of(microseconds: Sequence[int]) -> list[str]:
    """Return a picture of hops one under the other, each beginning where the one above it ends."""
    total, before, bars = sum(microseconds), 0, []
    for took in microseconds:
        start, end = (round(BAR_CHARACTERS * at / total) if total else 0 for at in (before, before + took))
        bars.append(BEFORE * start + FULL * (end - start))
        before += took
    return bars


def duration(seconds: float) -> str:
    """Return a duration in the unit that fits it."""
    for unit, size in (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds / size < 1000 else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e6:.0f} µs"
