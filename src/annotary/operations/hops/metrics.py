"""Hops on `/metrics`: histograms since the beginning, as the log's consumer counted them, with exemplars.

They are read from the database now and then, never by a scrape: it would wait for a database that is away.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import structlog
from prometheus_client.core import Exemplar, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from annotary.infra.postgres import Database, meaning
from annotary.infra.telemetry import REGISTRY
from annotary.kernel.ids import format_id
from annotary.kernel.limits import HOP_TOTALS_LOOK_SECONDS
from annotary.operations.hops import store
from annotary.operations.hops.rules import BUCKETS_PER_DECADE, EDGES

log = structlog.get_logger(__name__)
# Two bounds a decade, from a tenth of a millisecond to eleven days; each is the edge of a bucket.
BOUNDS = range(2 * BUCKETS_PER_DECADE, 12 * BUCKETS_PER_DECADE + 1, BUCKETS_PER_DECADE // 2)
NAME = "annotary_hop_seconds"


class HopMetrics(Collector):
    """What one service tells of its labels' hops. Every process of the service tells the same."""

    def __init__(self, service: str, database: Database) -> None:
        self._service = service
        self._database = database
        self._rows: Sequence[Mapping[str, Any]] = ()

    async def look(self) -> None:
        """Read the counts."""
        self._rows = [dict(row) for row in await store.totals(self._database)]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tell of hops, and look at the counts again and again."""
        REGISTRY.register(self)
        looking = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            looking.cancel()
            REGISTRY.unregister(self)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:
                if meaning(error) is None:
                    log.exception("hops cannot be read")
            await asyncio.sleep(HOP_TOTALS_LOOK_SECONDS)

    def describe(self) -> Iterator[HistogramMetricFamily]:
        """Nothing ahead: the services of one process may each tell of their own."""
        return iter(())

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Yield one histogram a hop; flushes are told apart by their reason."""
        family = HistogramMetricFamily(NAME, "How long a label took from one hand-off to the next.")
        hops: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for row in self._rows:
            hops[row["hop"], row["why"]].append(row)
        for (hop, why), rows in hops.items():
            family.samples += samples({"service": self._service, "hop": hop, "why": why}, rows)
        yield family


def samples(labels: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> list[Sample]:
    """Return one histogram of Prometheus, whose counts rise from bound to bound."""
    found, below = [], -1
    count = 0
    for bound in BOUNDS:
        within = [row for row in rows if below < row["bucket"] <= bound]
        count += sum(row["labels"] for row in within)
        seconds = f"{EDGES[bound] / 1e6:.4g}"
        found.append(Sample(f"{NAME}_bucket", {**labels, "le": seconds}, count, exemplar=_exemplar(within)))
        below = bound
    beyond = [row for row in rows if row["bucket"] > below]
    total = count + sum(row["labels"] for row in beyond)
    return [
        *found,
        Sample(f"{NAME}_bucket", {**labels, "le": "+Inf"}, total, exemplar=_exemplar(beyond)),
        Sample(f"{NAME}_count", dict(labels), total),
        Sample(f"{NAME}_sum", dict(labels), sum(row["sum_microseconds"] for row in rows) / 1e6),
    ]


def _exemplar(rows: Sequence[Mapping[str, Any]]) -> Exemplar | None:
    """Return the label that was counted last."""
    if not rows:
        return None
    last = max(rows, key=lambda row: row["last_at"])
    named = {"submission": format_id("submission", last["submission_id"])}
    if last["trace_id"]:
        named["trace_id"] = last["trace_id"]
    return Exemplar(named, last["last_microseconds"] / 1e6, last["last_at"].timestamp())
