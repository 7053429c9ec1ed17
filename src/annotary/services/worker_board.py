"""A board in shared memory where the worker's children write how they are, for any of them to tell and the
parent to see.
"""

from __future__ import annotations

import contextlib
import mmap
import struct
import time
import zlib
from typing import NamedTuple

import msgspec
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from annotary.kernel.limits import LAGS_BYTES_MAX, WORKER_HUNG_SECONDS_MAX
from annotary.services.worker_lags import FollowerLag, add_gauges

STALE_SECONDS = 5.0


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
    webhook_tries: float = 0.0
    webhook_delivered: float = 0.0
    webhook_failed: float = 0.0
    webhook_dead: float = 0.0
    webhook_seconds: float = 0.0
    webhook_circuits_open: float = 0.0
    webhook_events_behind: float = 0.0
    webhook_seconds_behind: float = 0.0
    relay_connected: float = 0.0
    relay_published: float = 0.0
    relay_lost: float = 0.0
    relay_failed: float = 0.0
    relay_events_behind: float = 0.0
    relay_seconds_behind: float = 0.0

    def is_stale(self, now: float, seconds: float = STALE_SECONDS) -> bool:
        """Whether the child has not been heard of for so long."""
        return now - max(self.beat_at, self.started_at) > seconds


_SLOT = struct.Struct(f"{len(Beat._fields)}d")
_LAGS_HEAD = struct.Struct("2I")


class Board:
    """One slot a child. Made before the children are forked; each writes its own slot only."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._memory = mmap.mmap(-1, _SLOT.size * len(names))
        self._lags = mmap.mmap(-1, LAGS_BYTES_MAX * len(names))

    def write(self, name: str, beat: Beat) -> None:
        """Replace a child's slot."""
        _SLOT.pack_into(self._memory, self.names.index(name) * _SLOT.size, *beat)

    def read(self, name: str) -> Beat:
        """Return a child's slot."""
        return Beat(*_SLOT.unpack_from(self._memory, self.names.index(name) * _SLOT.size))

    def write_lags(self, name: str, lags: list[FollowerLag]) -> None:
        """Replace what a child's followers are behind; those that there is no room for are left out."""
        content = msgspec.json.encode(lags)
        while len(content) > LAGS_BYTES_MAX - _LAGS_HEAD.size:
            lags = lags[: len(lags) // 2]
            content = msgspec.json.encode(lags)
        at = self.names.index(name) * LAGS_BYTES_MAX
        _LAGS_HEAD.pack_into(self._lags, at, len(content), zlib.crc32(content))
        self._lags[at + _LAGS_HEAD.size : at + _LAGS_HEAD.size + len(content)] = content

    def read_lags(self, name: str) -> list[FollowerLag]:
        """Return what a child's followers are behind; nothing while it is being written."""
        at = self.names.index(name) * LAGS_BYTES_MAX
        size, check = _LAGS_HEAD.unpack_from(self._lags, at)
        content = self._lags[at + _LAGS_HEAD.size : at + _LAGS_HEAD.size + size]
        if zlib.crc32(content) == check:
            with contextlib.suppress(msgspec.MsgspecError):
                return msgspec.json.decode(content, type=list[FollowerLag])
        return []

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
                ("webhook_tries", "Tries of webhook deliveries since the child started."),
                ("webhook_delivered", "Webhook deliveries that were taken since the child started."),
                ("webhook_failed", "Tries of webhook deliveries that failed since the child started."),
                ("webhook_dead", "Webhook deliveries given up (dead letters) since the child started."),
                ("webhook_seconds", "Time that tries of webhook deliveries took since the child started."),
                ("webhook_circuits_open", "Webhooks whose receiver fails, so that it is left alone."),
                ("webhook_events_behind", "Events that the last webhook has not yet reached."),
                ("webhook_seconds_behind", "Age of the oldest delivery that waits."),
                ("relay_connected", "Whether the relay to Kafka has its broker."),
                ("relay_published", "Events that Kafka acknowledged since the child started."),
                ("relay_lost", "Times that a broker had lost records, which were published again."),
                ("relay_failed", "Times that the relay to Kafka had to begin anew."),
                ("relay_events_behind", "Events that Kafka has not yet acknowledged."),
                ("relay_seconds_behind", "Age of the first of them."),
            )
        }
        for name in self.names:
            beat = self.read(name)
            gauges["beat_age_seconds"].labels(name).set(now - beat.beat_at if beat.beat_at else 0)
            for field in gauges.keys() - {"beat_age_seconds"}:
                gauges[field].labels(name).set(getattr(beat, field))
        add_gauges(registry, ((name, self.read_lags(name)) for name in self.names))
        return generate_latest(registry)
