"""Keeps processes running: starts, probes, restarts, and stops them. One thread, no asyncio.

A thread-free parent may fork at any time, which makes a restart of a service a matter of milliseconds and
lets all services share the memory of the code that was imported once.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from annotary.infra.embedded import processes
from annotary.infra.embedded.probe import Probe
from annotary.kernel.errors import Unavailable
from annotary.kernel.limits import KILL_SECONDS_MAX, LOG_BYTES_MAX
from annotary.services.supervisor_child import PROBE_TIMEOUT_SECONDS, Child, Program
from annotary.services.supervisor_fairness import Fairness

TURN_SECONDS = 0.25
TURN_SECONDS_BUSY = 0.02
TRIM_SECONDS = 30.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Say = Callable[[str], None]


class StopRequested(BaseException):
    """Somebody asked the supervisor to stop while it waited for something."""


class CallFailed(Unavailable):
    """A step of starting failed."""

    code = "start_failed"


class Supervisor:
    """A set of children, in the order they were added. `turn()` does what is due."""

    def __init__(
        self, *, say: Say, changed: Callable[[list[Child]], None], leave: Callable[[], None]
    ) -> None:
        """`changed` hears of every change of state; `leave` closes, in a fork, what is the parent's."""
        self.children: list[Child] = []
        self.stop_requests = 0
        self._say = say
        self._changed = changed
        self._leave = leave
        self._selector = selectors.DefaultSelector()
        self._exits: dict[int, int | None] = {}
        self._seen: list[tuple[object, ...]] = []
        self._trim_at = 0.0
        self._fairness = Fairness()
        self._stopping = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Take over the signals of the process: the three that end it are counted, a child's end wakes us."""
        processes.adopt_orphans()
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, self._on_signal) for number in (*SIGNALS, signal.SIGCHLD)}
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self._selector.close()

    def add(self, program: Program) -> Child:
        """Start a program and keep it running from now on."""
        child = Child(program)
        self.children.append(child)
        self._start(child)
        return child

    def fork(self, function: Callable[[], object], log: Path) -> int:
        """Run a function in a forked child, free of what is the supervisor's own."""

        def program() -> None:
            self._selector.close()
            for handle in (self._wake_read, self._wake_write):
                os.close(handle)
            for child in self.children:
                if child.probe is not None:
                    child.probe.socket.close()
            self._leave()
            function()

        return processes.fork(program, log=log)

    def call(self, function: Callable[[], Any], log: Path) -> Any:
        """Run a function in a child and return what it returned, by way of JSON; the others are kept running.

        Raises CallFailed with the error's words when it raised.
        """
        read, write = os.pipe2(os.O_CLOEXEC)

        def program() -> None:
            try:
                reply = {"value": function()}
            except Exception as error:
                os.write(write, msgspec.json.encode({"error": f"{type(error).__name__}: {error}"[:2000]}))
                raise
            os.write(write, msgspec.json.encode(reply))

        pid = self.fork(program, log)
        self._exits[pid] = None
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            self.wait_until(lambda: self._exits[pid] is not None)
            reply = msgspec.json.decode(pipe.read() or b'{"error": "it was killed"}')
        if "error" in reply:
            raise CallFailed(reply["error"])
        return reply["value"]

    def wait_until(self, condition: Callable[[], bool], seconds_max: float = float("inf")) -> bool:
        """Keep everything running until the condition holds; False when it did not in time."""
        deadline = time.monotonic() + seconds_max
        while not condition():
            if time.monotonic() > deadline:
                return False
            if self.stop_requests and not self._stopping:
                raise StopRequested
            self.turn()
        return True

    def turn(self) -> None:
        """Wait a moment for something to happen, then do what is due."""
        settled = all(child.state in ("healthy", "stopped") for child in self.children)
        keys = self._selector.select(TURN_SECONDS if settled and not self._stopping else TURN_SECONDS_BUSY)
        if any(key.fd == self._wake_read for key, _ in keys):
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        self._reap()
        now = time.monotonic()
        for child in self.children:
            self._tend(child, now)
        sharing = [child for child in self.children if child.program.shares and child.pid]
        failing = {child.program.name for child in sharing if child.state == "failing"}
        self._fairness.look({child.program.name: child.pid for child in sharing}, failing, now)
        self._tell()
        if now >= self._trim_at:
            self._trim_at = now + TRIM_SECONDS
            for child in self.children:
                trim_log(Path(child.program.log))

    def stop(self, *groups: list[Child]) -> None:
        """Stop the groups one after another; what takes too long is killed."""
        self._stopping = True
        requests = self.stop_requests
        for group in groups:
            self._stop_group(group, requests)

    def _stop_group(self, group: list[Child], requests: int) -> None:
        def stopped() -> bool:
            return not any(child.lives for child in group)

        for child in group:
            if child.state == "waiting":
                child.state = "stopped"
            elif child.lives:
                child.state = "stopping"
                _signal(child.pid, child.program.stop_signal)
        seconds_max = max((child.program.stop_seconds_max for child in group), default=0.0)
        self.wait_until(lambda: stopped() or self.stop_requests > requests, seconds_max)
        for child in group:
            if child.lives:
                self._say(f"{child.program.name} did not stop in time: killed")
                _signal(child.pid, child.program.kill_signal)
        if not self.wait_until(stopped, KILL_SECONDS_MAX):
            for child in group:
                _signal(child.pid, signal.SIGKILL)
            self.wait_until(stopped)

    def _on_signal(self, number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            self.stop_requests += 1

    def _start(self, child: Child) -> None:
        now = time.monotonic()
        try:
            child.started(child.program.start(), now)
        except OSError as problem:
            child.ended(now, 1)
            self._say(f"{child.program.name} could not be started: {problem}")

    def _reap(self) -> None:
        """Collect every child that ended, and orphans that we adopted."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            exit_status = os.waitstatus_to_exitcode(status)
            child = next((child for child in self.children if child.pid == pid), None)
            if child is not None:
                self._ended(child, exit_status)
            elif pid in self._exits:
                self._exits[pid] = exit_status

    def _ended(self, child: Child, exit_status: int) -> None:
        # What a service forked goes with it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        self._drop_probe(child)
        child.ended(time.monotonic(), exit_status)
        if child.state == "waiting":
            self._say(f"{child.program.name} ended ({child.reason}): starting it again")

    def _drop_probe(self, child: Child) -> None:
        if child.probe is not None and not child.probe.ended:
            self._selector.unregister(child.probe.socket)
            child.probe.socket.close()
        child.probe = None

    def _tend(self, child: Child, now: float) -> None:
        if child.probe is not None:
            self._follow(child, child.probe, now)
        elif child.wants_probe(now):
            probe = Probe(child.program.port, child.program.question, now + PROBE_TIMEOUT_SECONDS)
            child.probe = probe
            if not probe.ended:
                self._selector.register(probe.socket, probe.events)
        if child.state == "waiting" and now >= child.next_start_at and not self._stopping:
            self._start(child)
        elif child.lives and child.is_hung(now):
            self._say(f"{child.program.name} does not answer: killed")
            _signal(child.pid, signal.SIGKILL)

    def _follow(self, child: Child, probe: Probe, now: float) -> None:
        if not probe.ended:
            self._selector.unregister(probe.socket)
            probe.turn(now)
        if not probe.ended:
            self._selector.register(probe.socket, probe.events)
            return
        child.probe = None
        if child.state in ("starting", "healthy", "failing"):
            child.probed(now, child.program.well(probe.reply))

    def _tell(self) -> None:
        seen = [(child.state, child.pid, child.restarts) for child in self.children]
        if seen != self._seen:
            self._seen = list(seen)
            self._changed(self.children)


def trim_log(file: Path, bytes_max: int = LOG_BYTES_MAX) -> None:
    """Keep a log and one older part of it within bounds. Writers append, so it may be emptied under them."""
    with contextlib.suppress(OSError):
        if file.stat().st_size > bytes_max:
            file.with_suffix(".log.1").write_bytes(file.read_bytes()[-bytes_max:])
            os.truncate(file, 0)


def _signal(pid: int, number: int) -> None:
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
