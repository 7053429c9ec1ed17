"""`annotary status`: what runs, how it is, and how much work there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.services.supervisor_status import Status

EXIT_UNHEALTHY = 1
EXIT_NOT_RUNNING = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(data_dir: DataDir = None, json: Json = False) -> None:
    """Tell how each process is. Exit 0: all healthy, 1: something is not, 2: nothing runs."""
    from annotary.infra.settings import Settings
    from annotary.services.supervisor_status import read_status

    found = read_status(Settings.from_environment(data_dir=data_dir))
    if json:
        print_json(found)
    elif not found.running:
        say(f"Nothing runs on {found.data_dir}. Start it with `annotary up`.")
    else:
        _show(found)
    if not found.ok:
        raise typer.Exit(EXIT_UNHEALTHY if found.running else EXIT_NOT_RUNNING)


def _show(found: Status) -> None:
    from rich.console import Console
    from rich.table import Table

    processes = Table("process", "state", "pid", "restarts", "memory MB", "health", box=None)
    for one in found.processes:
        memory = "?" if one.memory_bytes is None else f"{one.memory_bytes / 1e6:.0f}"
        processes.add_row(one.name, one.state, str(one.pid or ""), str(one.restarts), memory, one.health)
    counts = Table("", "tasks", "submissions", "outcomes", box=None)
    for name, count in found.counts.items():
        counts.add_row(name, f"{count.tasks:,}", f"{count.submissions:,}", f"{count.outcomes:,}")
    console = Console()
    console.print(
        f"{found.url}  up since {found.started_at}, {found.memory_bytes / 1e6:.0f} MB, {found.data_dir}"
    )
    console.print(processes)
    console.print(counts)
    if found.error:
        console.print(found.error)
