"""How commands show things: tables and progress for people, one JSON object for programs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from annotary.client.values import Job

OnProgress = Callable[[int, int | None], None]


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()
) -> None:
    """Print a plain table on stdout; the columns named in `numbers` are set to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=any(columns))
    for name in columns:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    # Off the terminal the width is unknown, and whoever reads it there wants whole lines.
    console = Console() if sys.stdout.isatty() else Console(width=1000)
    console.print(table)


@contextlib.contextmanager
def progress_bar(words: str) -> Iterator[OnProgress]:
    """Yield what moves a progress bar on stderr: call it with how much is done, and of how much."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [TextColumn("{task.description}"), BarColumn()]
    columns += [MofNCompleteColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=not sys.stderr.isatty()) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def follow_job(update: OnProgress) -> Callable[[Job], None]:
    """Return what a wait for a job calls to move a progress bar."""

    def follow(job: Job) -> None:
        if job.progress is not None:
            update(job.progress.done, job.progress.total)

    return follow
