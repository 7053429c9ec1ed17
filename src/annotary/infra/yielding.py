"""Work that nobody waits for gives way: its threads and sessions have what others leave of the processor."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from annotary.infra import queries
from annotary.kernel.limits import YIELDING_NICE

P = ParamSpec("P")
T = TypeVar("T")
QUERIES = queries.load(__package__, "yielding.sql")


def _give_way(thread_or_process: int) -> None:
    # A lower priority rather than the idle policy: what holds a lock or the interpreter must still get on.
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread_or_process, YIELDING_NICE)


_THREADS = ThreadPoolExecutor(2, "yielding", initializer=_give_way, initargs=(0,))


async def in_yielding_thread(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do work in a thread that gives way to everything else on the machine."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, lambda: work(*arguments, **named))


async def yield_session(connection: Any) -> None:
    """Let the server's process behind a connection give way for good, where the server is on this machine.

    The process is known by its title, which says its client's port: a number alone may be any process.
    """
    row = await connection.fetchrow(QUERIES.session)
    if _is_backend(row["process_id"], row["client_port"]):
        _give_way(row["process_id"])


def _is_backend(process_id: int, client_port: int) -> bool:
    try:
        title = Path(f"/proc/{process_id}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return title.startswith("postgres: ") and (f"({client_port})" if client_port > 0 else "[local]") in title
