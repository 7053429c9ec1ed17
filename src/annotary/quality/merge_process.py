"""The process that merges and measures: started when needed, stopped when that takes too long or it rests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from typing import TypeVar

import msgspec

from annotary.kernel.limits import MERGE_PROCESS_IDLE_SECONDS_MAX, MERGE_START_SECONDS_MAX
from annotary.quality.agreement.messages import CompareReply, CompareRequest, EstimateReply, EstimateRequest
from annotary.quality.errors import MergeStopped
from annotary.quality.live.messages import AggregateReply, AggregateRequest
from annotary.quality.merging import LENGTH, MergeReply, MergeRequest, Request
from annotary.quality.skill.values import Pair, PairScore
from annotary.quality.spans.messages import SpansReply, SpansRequest

_encode = msgspec.msgpack.Encoder().encode
R = TypeVar("R", MergeReply, AggregateReply, SpansReply, CompareReply, EstimateReply, PairScore)


class MergeProcess:
    """One merging process. It does one thing at a time; a stopped one is replaced when it is needed."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._used_at = 0.0

    async def merge(self, request: MergeRequest) -> MergeReply:
        """Merge answers; raises MergeStopped when it takes too long or the process dies."""
        return await self._ask(request, MergeReply)

    async def aggregate(self, request: AggregateRequest) -> AggregateReply:
        """Aggregate a project's answers; raises MergeStopped as `merge` does."""
        return await self._ask(request, AggregateReply)

    async def find_spans(self, request: SpansRequest) -> SpansReply:
        """Find the spans of a whole project; raises MergeStopped as `merge` does."""
        return await self._ask(request, SpansReply)

    async def compare(self, request: CompareRequest) -> CompareReply:
        """Compare the answers to tasks in pairs; raises MergeStopped as `merge` does."""
        return await self._ask(request, CompareReply)

    async def estimate(self, request: EstimateRequest) -> EstimateReply:
        """Make measures of agreement; raises MergeStopped as `merge` does."""
        return await self._ask(request, EstimateReply)

    async def judge(self, pair: Pair) -> PairScore:
        """Hold an answer against what is known; raises MergeStopped as `merge` does."""
        return await self._ask(pair, PairScore)

    async def _ask(self, request: Request, kind: type[R]) -> R:
        try:
            process = await self._started()
            async with asyncio.timeout(request.seconds_max):
                return msgspec.msgpack.decode(await self._exchange(process, _encode(request)), type=kind)
        except TimeoutError:
            await self.stop()
            raise MergeStopped(f"This took longer than {request.seconds_max:g} s.") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.stop()
            raise MergeStopped("The merging process ended while it worked.") from None
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
                "annotary.quality.merging",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # Threads of linear algebra would only contend for the same two cores.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
            async with asyncio.timeout(MERGE_START_SECONDS_MAX):
                await self._read(self._process)
        return self._process

    async def _exchange(self, process: asyncio.subprocess.Process, body: bytes) -> bytes:
        assert process.stdin
        self._used_at = time.monotonic()
        process.stdin.write(LENGTH.pack(len(body)) + body)
        await process.stdin.drain()
        return await self._read(process)

    @staticmethod
    async def _read(process: asyncio.subprocess.Process) -> bytes:
        assert process.stdout
        (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return await process.stdout.readexactly(size)
