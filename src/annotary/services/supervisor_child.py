"""One supervised child: its state, when it is started again, and when it counts as hung."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Literal

import msgspec

from annotary.infra.embedded.probe import Probe
from annotary.kernel.limits import (
    DRAIN_SECONDS_MAX,
    FAILED_PROBES_MIN,
    HEALTHY_SECONDS_FORGIVEN,
    HUNG_SECONDS_MAX,
    RESTART_SECONDS_MAX,
    RESTART_SECONDS_MIN,
    START_SECONDS_MAX,
)

State = Literal["waiting", "starting", "healthy", "failing", "stopping", "stopped"]

PROBE_SECONDS = 1.0
PROBE_SECONDS_STARTING = 0.03
# After a failure it is asked again soon: whether it is ill is known before the edge refuses its requests.
PROBE_SECONDS_FAILING = 0.25
PROBE_TIMEOUT_SECONDS = 1.5


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be kept running: `start` returns a process id, `well` judges the reply to `question`."""

    name: str
    start: Callable[[], int]
    port: int
    question: bytes
    well: Callable[[bytes], bool]
    log: str
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    stop_seconds_max: float = DRAIN_SECONDS_MAX
    # Whether it is killed when it lives but does not answer. A database under load is better left alone.
    killed_when_hung: bool = True
    # Whether it shares the processor with others of its kind, and yields to them when it is greedy.
    shares: bool = False


class Child:
    """A program and the process that runs it now.

    States: waiting -> starting -> healthy <-> failing, and back to waiting whenever the process ends;
    from any of them -> stopping -> stopped.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.state: State = "waiting"
        self.pid = 0
        self.restarts = 0
        self.reason = ""
        self.next_start_at = 0.0
        self.probe: Probe | None = None
        self._next_probe_at = 0.0
        self._backoff_seconds = 0.0
        self._well_since: float | None = None
        self._started_at = 0.0
        self._failing_since: float | None = None
        self._failures = 0

    @property
    def lives(self) -> bool:
        """Whether there is a process."""
        return self.state in ("starting", "healthy", "failing", "stopping")

    def started(self, pid: int, now: float) -> None:
        """A process was started."""
        self.pid, self.state, self._started_at = pid, "starting", now
        self._failing_since, self._well_since, self._failures = None, None, 0
        self._next_probe_at = now

    def ended(self, now: float, exit_status: int) -> None:
        """The process ended: start again after a while that doubles, unless it had been well for long."""
        self.pid = 0
        if self.state == "stopping":
            self.state = "stopped"
            return
        well_seconds = now - self._well_since if self._well_since is not None else 0.0
        self._backoff_seconds = next_backoff(self._backoff_seconds, well_seconds)
        self.next_start_at = now + self._backoff_seconds
        self.restarts += 1
        self.reason = f"killed by signal {-exit_status}" if exit_status < 0 else f"exit {exit_status}"
        self.state = "waiting"

    def wants_probe(self, now: float) -> bool:
        """Whether it is time to ask the process whether it is well."""
        return self.state in ("starting", "healthy", "failing") and now >= self._next_probe_at

    def probed(self, now: float, well: bool) -> None:
        """A probe ended."""
        pause = PROBE_SECONDS if well else PROBE_SECONDS_FAILING
        self._next_probe_at = now + (PROBE_SECONDS_STARTING if self.state == "starting" else pause)
        if well:
            self._well_since = now if self._well_since is None else self._well_since
            self._failing_since, self._failures = None, 0
            self.state = "healthy"
        elif self.state != "starting":
            self._failures += 1
            self._failing_since = now if self._failing_since is None else self._failing_since
            if self._failures >= 2:
                self.state, self._well_since = "failing", None

    def is_hung(self, now: float) -> bool:
        """Whether the process lives but has not answered for so long that it must be killed."""
        if not self.program.killed_when_hung:
            return False
        if self.state == "starting":
            return now - self._started_at > START_SECONDS_MAX
        return (
            self._failing_since is not None
            and now - self._failing_since >= HUNG_SECONDS_MAX
            and self._failures >= FAILED_PROBES_MIN
        )


def next_backoff(previous_seconds: float, well_seconds: float) -> float:
    """How long to wait before the next start: 0.1 s, doubling to 10 s, forgotten after a minute of health."""
    if previous_seconds == 0.0 or well_seconds >= HEALTHY_SECONDS_FORGIVEN:
        return RESTART_SECONDS_MIN
    return min(previous_seconds * 2, RESTART_SECONDS_MAX)
