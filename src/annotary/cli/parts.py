"""What is asked for in several requests, because one takes only so many entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from annotary.cli.options import tell
from annotary.kernel.limits import GOLD_PER_REQUEST_MAX

T = TypeVar("T")


def parts(entries: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the entries by as many as every request takes."""
    for at in range(0, len(entries), GOLD_PER_REQUEST_MAX):
        yield entries[at : at + GOLD_PER_REQUEST_MAX]


def act(action: str, tasks: Sequence[str], change: Callable[[Sequence[str]], int], json: bool) -> None:
    """Act on tasks, which `change` does and returns how many it reached; tell of all together."""
    changed = sum(map(change, parts(tasks)))
    result = {"ok": True, "changed": changed, "unchanged": len(tasks) - changed}
    tell(json, result, f"{action}: {changed} of {len(tasks)} tasks.")
