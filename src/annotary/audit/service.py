"""Verification: goes through everything, and reports the first thing that is not as it was written."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from annotary.audit.rules import ChainCheck, Keys, check_heads
from annotary.audit.service_rows import RowCheck
from annotary.audit.store import records
from annotary.audit.values import (
    Broken,
    ChainOpening,
    Finding,
    LogEnd,
    LogOpening,
    Opening,
    Record,
    Report,
    RunRead,
    StreamReport,
    stream_name,
)
from annotary.infra.objects import open_objects
from annotary.infra.settings import SERVICES, Settings

T = TypeVar("T")
OnProgress = Callable[[int, int | None], None]


CheckRows = Callable[[Report], Awaitable[None]]


async def verify_installation(
    settings: Settings,
    services: Sequence[str] = SERVICES,
    trusted: Sequence[bytes] = (),
    progress: OnProgress | None = None,
) -> Report:
    """Verify the databases and the object store of an installation: logs, and what they say of rows."""
    objects = open_objects(settings)

    async def check_rows(report: Report) -> None:
        def count(rows: int) -> None:
            report.rows += rows

        await RowCheck(settings, objects, count).check(services)

    return await verify(records(settings, objects, services), trusted, progress, check_rows)


async def verify(
    read: AsyncGenerator[Record],
    trusted: Sequence[bytes] = (),
    progress: OnProgress | None = None,
    check_rows: CheckRows | None = None,
) -> Report:
    """Verify chains, segments and heads, then rows; only `trusted` keys are believed, else those recorded."""
    verification = Verification(trusted, progress)
    began = time.monotonic()
    try:
        async with contextlib.aclosing(read):
            async for record in read:
                await verification.take(record)
        verification.close()
        if check_rows:
            await check_rows(verification.report)
    except Broken as broken:
        verification.refuse(broken.finding)
    verification.report.seconds = round(time.monotonic() - began, 3)
    return verification.report


def _expected(value: T | None) -> T:
    if value is None:
        raise Broken("export", None, "records are not in their order")
    return value


class Verification:
    """The state of going through records in their order."""

    def __init__(self, trusted: Sequence[bytes], progress: OnProgress | None) -> None:
        self.report = Report()
        self._trusted, self._progress = trusted, progress
        self._opening: Opening | None = None
        self._keys = Keys({}, trusted)
        self._log: LogOpening | None = None
        self._check: ChainCheck | None = None
        self._chain: ChainOpening | None = None
        self._hashes: dict[tuple[str, UUID], list[bytes]] = {}
        self._ended: list[str] = []
        self._total = 0

    async def take(self, record: Record) -> None:
        """Look at the next record; raises Broken."""
        if isinstance(record, RunRead):
            await asyncio.to_thread(_expected(self._check).add, record.run, record.stored)
            if self._progress:
                self._progress(self.report.events + _expected(self._check).events, self._total or None)
        elif isinstance(record, Opening):
            self._open(record)
        elif isinstance(record, LogOpening):
            self._log = record
            self._total += record.events
        elif isinstance(record, ChainOpening):
            self._end_chain()
            self._begin_chain(record)
        else:
            self._end_chain()
            self._end_log(record)

    def close(self) -> None:
        """Everything was read: compare the heads with the segments that there are."""
        opening = _expected(self._opening)
        if missing := [name for name in opening.services if name not in self._ended]:
            raise Broken(missing[0], None, "the log is not there to its end")
        for of in opening.heads:
            self.report.heads += check_heads(of, self._keys, self._hashes, opening.services)

    def refuse(self, finding: Finding) -> None:
        """Note what is wrong."""
        self.report.ok, self.report.first_bad = False, finding

    def _open(self, opening: Opening) -> None:
        self._opening = opening
        self._keys = Keys(opening.keys, self._trusted)
        self.report.keys = self._keys.ids
        if self._keys.changed:
            raise Broken("platform", None, f"the public key {self._keys.changed} was changed")

    def _begin_chain(self, record: ChainOpening) -> None:
        log = _expected(self._log)
        self._chain = record
        redactions = {order.sequence: order for order in log.redactions}
        self._check = ChainCheck(log.service, record.organisation, self._keys, record.segments, redactions)

    def _end_chain(self) -> None:
        check, chain, log = self._check, self._chain, self._log
        if check is None or chain is None or log is None:
            return
        self._check = self._chain = None
        check.end(chain.chain)
        self._hashes[log.service, chain.organisation] = check.hashes
        report = self.report
        report.streams.append(
            StreamReport(stream_name(log.service, chain.organisation), check.events, check.sealed)
        )
        report.events += check.events
        report.sealed_through += check.sealed
        report.unsealed += check.events - check.sealed
        report.redacted += check.redacted

    def _end_log(self, end: LogEnd) -> None:
        if end.strays:
            reason = "the event is in no chain, though the chains have come past it: it was put in later"
            raise Broken(end.service, None, reason, end.strays[0])
        if end.twice:
            raise Broken(end.service, None, "an event stands in a chain more than once")
        self._ended.append(end.service)
        self.report.events += end.waiting
        self.report.unsealed += end.waiting
