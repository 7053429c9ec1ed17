"""The process that compares answers with what is known: comparing shapes may take long, and can be stopped.

Frames are a length (4 bytes, big-endian) and MessagePack; the first frame out is empty: ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import struct
import sys
import time
from typing import BinaryIO

import msgspec

from annotary.kernel.limits import (
    MERGE_MEMORY_BYTES_MAX,
    MERGE_PROCESS_IDLE_SECONDS_MAX,
    MERGE_START_SECONDS_MAX,
)
from annotary.quality.skill.errors import JudgementStopped
from annotary.quality.skill.values import Pair, PairScore

_LENGTH = struct.Struct(">I")
_encode = msgspec.msgpack.Encoder().encode


class JudgeProcess:
    """One comparing process, started when needed; one that was stopped is replaced by the next comparison."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._used_at = 0.0
        self._decode = msgspec.msgpack.Decoder(PairScore).decode

    async def judge(self, pair: Pair) -> PairScore:
        """Compare two answers; raises JudgementStopped when it takes too long or the process dies."""
        try:
            process = await self._started()
            async with asyncio.timeout(pair.seconds_max):
                self._used_at = time.monotonic()
                return self._decode(await _exchange(process, _encode(pair)))
        except TimeoutError:
            await self.stop()
            raise JudgementStopped(f"The comparison took longer than {pair.seconds_max:g} s.") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.stop()
            raise JudgementStopped("The comparing process ended while it compared.") from None
        except asyncio.CancelledError:
            await self.stop()
            raise

    async def rest(self) -> None:
        """Stop the process when it has had nothing to do for a while."""
        if self._process and time.monotonic() - self._used_at > MERGE_PROCESS_IDLE_SECONDS_MAX:
            await self.stop()

    async def stop(self) -> None:
        """End the process now."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                __name__,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # Threads of linear algebra would only contend for the same cores.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
            async with asyncio.timeout(MERGE_START_SECONDS_MAX):
                await _read(self._process)
        return self._process


async def _exchange(process: asyncio.subprocess.Process, body: bytes) -> bytes:
    assert process.stdin
    process.stdin.write(_LENGTH.pack(len(body)) + body)
    await process.stdin.drain()
    return await _read(process)


async def _read(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    (size,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    return await process.stdout.readexactly(size)


def main() -> None:
    """Serve comparisons until stdin ends."""
    from annotary.quality.skill.judging import judge_safely

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    resource.setrlimit(resource.RLIMIT_DATA, (MERGE_MEMORY_BYTES_MAX, MERGE_MEMORY_BYTES_MAX))
    decoder = msgspec.msgpack.Decoder(Pair)
    _write(sink, b"")
    while header := source.read(_LENGTH.size):
        pair = decoder.decode(source.read(_LENGTH.unpack(header)[0]))
        _limit_processor_time(pair.seconds_max)
        _write(sink, _encode(judge_safely(pair)))


def _limit_processor_time(seconds: float) -> None:
    """Let the system end this process should it hang with nobody left to stop it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 2 * seconds) + 2, hard))


def _write(sink: BinaryIO, body: bytes) -> None:
    sink.write(_LENGTH.pack(len(body)) + body)
    sink.flush()


if __name__ == "__main__":
    main()
