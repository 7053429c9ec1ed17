"""Runs one function in a child process with limits on processor time, memory, files, wall time and the size
of its reply.

For what reads files of strangers (media, documents) or may burn the processor: whatever it does, this process
goes on. The child is a fresh interpreter with an almost empty environment, a group of its own, and ends with
its limits.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import resource
import signal
import sys
from importlib import import_module
from typing import IO, Any
from weakref import WeakKeyDictionary

import msgspec

from annotary.kernel.errors import AnnotaryError, Invalid
from annotary.kernel.limits import BOUNDED_CALLS_AT_ONCE_MAX, MEBIBYTE

_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")
_NOTHING_TO_READ = os.devnull
_PIECE_BYTES = 1 << 16
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one call. `file_bytes` is how large a file it may write; 0: none."""

    wall_seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1024 * MEBIBYTE
    file_bytes: int = 0
    reply_bytes: int = MEBIBYTE


class OutOfBounds(Invalid):
    """Reading this needed more time or memory than is allowed: the file is too large or made to do harm."""

    code = "out_of_bounds"


class Unreadable(Invalid):
    """The file is not what it should be."""

    code = "unreadable"


class _Call(msgspec.Struct):
    target: str
    argument: Any
    bounds: Bounds


class _Reply(msgspec.Struct):
    result: Any = None
    refused: str | None = None
    path: str | None = None
    out_of_bounds: bool = False


async def call(target: str, argument: Any, *, bounds: Bounds, file: IO[bytes] | None = None) -> Any:
    """Return what `target` ("package.module:function") returns for (file, argument), as JSON would have it.

    The function gets the file as its open standard input. An AnnotaryError it raises comes back as Unreadable
    with its message and path, any other as Unreadable too; passing a limit as OutOfBounds.
    """
    slots = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(BOUNDED_CALLS_AT_ONCE_MAX))
    async with slots:
        with contextlib.ExitStack() as opened:
            source = file or opened.enter_context(open(_NOTHING_TO_READ, "rb"))  # noqa: ASYNC230, PTH123
            body = await _run(_Call(target, argument, bounds), source)
    try:
        reply = msgspec.json.decode(body, type=_Reply)
    except msgspec.MsgspecError:
        raise OutOfBounds() from None
    if reply.out_of_bounds:
        raise OutOfBounds()
    if reply.refused is not None:
        raise Unreadable(reply.refused, path=reply.path or "")
    return reply.result


async def _run(asked: _Call, source: IO[bytes]) -> bytes:
    """Run the child and return its reply; empty when it was stopped by a limit."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "annotary.infra.bounded",
        msgspec.json.encode(asked).decode(),
        stdin=source,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
        start_new_session=True,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(asked.bounds.wall_seconds):
            body = await _read(process.stdout, asked.bounds.reply_bytes)
    except TimeoutError:
        body = b""
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # The pipe must be read to its end, or asyncio keeps it open.
        while await process.stdout.read(_PIECE_BYTES):
            pass
        await process.wait()
    return body


async def _read(stream: asyncio.StreamReader, bytes_max: int) -> bytes:
    body = b""
    while piece := await stream.read(_PIECE_BYTES):
        body += piece
        if len(body) > bytes_max:
            return b""
    return body


def _limit(bounds: Bounds) -> None:
    """Put the limits on this process. The alarm ends it also when its parent is gone."""
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_bytes, bounds.file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, bounds.wall_seconds + 1)


def _main() -> None:
    """Be the child: limits first, then the function, then its reply on what was standard output."""
    asked = msgspec.json.decode(sys.argv[1], type=_Call)
    answer = os.dup(1)
    os.dup2(2, 1)
    _limit(asked.bounds)
    try:
        module, _, name = asked.target.partition(":")
        source = io.FileIO(0, closefd=False)
        reply = _Reply(result=getattr(import_module(module), name)(source, asked.argument))
    except MemoryError:
        reply = _Reply(out_of_bounds=True)
    except AnnotaryError as error:
        reply = _Reply(refused=error.detail, path=error.path)
    except Exception as error:
        reply = _Reply(refused=f"It cannot be read ({type(error).__name__}: {str(error)[:300]}).")
    body = memoryview(msgspec.json.encode(reply))
    while body:
        body = body[os.write(answer, body) :]
    os._exit(0)


if __name__ == "__main__":
    _main()
