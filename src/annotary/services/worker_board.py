"""A board in shared memory where the worker's children write how they are, for any of them to tell and the
parent to see.
"""

from __future__ import annotations

import mmap
import struct
import time
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from annotary.kernel.limits import WORKER_HUNG_SECONDS_MAX

STALE_SECONDS = 5.0
_SLOT = struct.Struct("7d")


class Beat(NamedTuple):
    """How one child is. `beat_at` and `started_at` are monotonic seconds (0: not yet); `database_answers` is
    0 or 1.
    """

    pid: float = 0.0
    started_at: float = 0.0
    beat_at: float = 0.0
    database_answers: float = 0.0
    jobs_running: float = 0.0
    jobs_ended: float = 0.0
    events_behind: float = 0.0

    def is_stale(self, now: float, seconds: float = STALE_SECONDS) -> bool:
        """Whether the child has not been heard of for so long."""
        return now - max(self.beat_at, self.started_at) > seconds


class Board:
    """One slot a child. Made before the children are forked; each writes its own slot only."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._memory = mmap.mmap(-1, _SLOT.size * len(names))

    def write(self, name: str, beat: Beat) -> None:
        """Replace a child's slot."""
        _SLOT.pack_into(self._memory, self.names.index(name) * _SLOT.size, *beat)

    def read(self, name: str) -> Beat:
        """Return a child's slot."""
        return Beat(*_SLOT.unpack_from(self._memory, self.names.index(name) * _SLOT.size))

    def is_hung(self, name: str, now: float) -> bool:
        """Whether a child lives but has stopped to beat."""
        return self.read(name).is_stale(now, WORKER_HUNG_SECONDS_MAX)

    def missing(self, now: float | None = None) -> dict[str, str]:
        """Return what is not as it should be, by child."""
        now = time.monotonic() if now is None else now
        found = {}
        for name in self.names:
            beat = self.read(name)
            if not beat.beat_at or beat.is_stale(now):
                found[name] = "the child does not answer"
            elif not beat.database_answers:
                found[name] = "its database does not answer"
        return found

    def metrics(self) -> bytes:
        """Return the board in Prometheus' text format."""
        registry = CollectorRegistry()
        now = time.monotonic()
        gauges = {
            field: Gauge(f"annotary_worker_{field}", text, ["service"], registry=registry)
            for field, text in (
                ("beat_age_seconds", "Time since the child was last heard of."),
                ("database_answers", "Whether the child's database answers."),
                ("jobs_running", "Jobs under way."),
                ("jobs_ended", "Jobs that ended since the child started."),
                ("events_behind", "Events of its own log that the child has not yet handled."),
            )
        }
        for name in self.names:
            beat = self.read(name)
            gauges["beat_age_seconds"].labels(name).set(now - beat.beat_at if beat.beat_at else 0)
            for field in ("database_answers", "jobs_running", "jobs_ended", "events_behind"):
                gauges[field].labels(name).set(getattr(beat, field))
        return generate_latest(registry)
