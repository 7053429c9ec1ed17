"""The worker: a parent that forks one child a service, so that a sick one holds up nobody, and starts it
again.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import time
import traceback

import structlog

from annotary.infra.settings import SERVICES, Settings
from annotary.infra.telemetry import configure_logs
from annotary.kernel.limits import (
    WORKER_HEALTHY_SECONDS,
    WORKER_RESTART_SECONDS_MAX,
    WORKER_RESTART_SECONDS_MIN,
    WORKER_STOP_SECONDS_MAX,
)
from annotary.services.worker_board import Beat, Board
from annotary.services.worker_child import run_child
from annotary.services.worker_http import listen

LOOK_SECONDS = 0.5
WATCHED = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
log = structlog.get_logger(__name__)


def run_worker(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Call it in a process without threads and without an event loop: it
    forks.
    """
    configure_logs("worker", settings.log_level)
    port = settings.ports.get("worker")
    listener = None if port is None else listen(settings.host, port)
    gc.collect()
    gc.freeze()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    try:
        _Parent(settings, listener).run()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if listener:
            listener.close()


class _Child:
    """What the parent knows of one child."""

    def __init__(self) -> None:
        self.pid = 0
        self.started_at = 0.0
        self.failures = 0
        self.start_at = 0.0

    def ended(self, now: float) -> float:
        """Note the end, and return after how long it is started again: longer each time, unless it ran
        well.
        """
        if now - self.started_at > WORKER_HEALTHY_SECONDS:
            self.failures = 0
        pause: float = min(WORKER_RESTART_SECONDS_MIN * 2**self.failures, WORKER_RESTART_SECONDS_MAX)
        self.failures += 1
        self.pid, self.start_at = 0, now + pause
        return pause


class _Parent:
    """Has no event loop and no threads, so that a child forked at any time is whole."""

    def __init__(self, settings: Settings, listener: socket.socket | None) -> None:
        self._settings = settings
        self._listener = listener
        self._board = Board(SERVICES)
        self._children = {service: _Child() for service in SERVICES}

    def run(self) -> None:
        """Keep the children running until a signal asks to stop."""
        try:
            while True:
                self._start_due()
                told = signal.sigtimedwait(WATCHED, LOOK_SECONDS)
                if told is not None and told.si_signo != signal.SIGCHLD:
                    return
                self._reap()
                self._kill_hung()
        finally:
            self._stop()

    def _start_due(self) -> None:
        now = time.monotonic()
        for service, child in self._children.items():
            if not child.pid and now >= child.start_at:
                self._board.write(service, Beat(started_at=now))
                child.started_at = now
                child.pid = os.fork() or self._be(service)

    def _be(self, service: str) -> int:
        """Be the child; never returns."""
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            run_child(service, self._settings, self._board, self._listener)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _reap(self) -> None:
        now = time.monotonic()
        for service, child in self._children.items():
            if child.pid and (ended := os.waitpid(child.pid, os.WNOHANG))[0]:
                pause = child.ended(now)
                log.warning(
                    "child ended",
                    child=service,
                    code=os.waitstatus_to_exitcode(ended[1]),
                    restart_seconds=pause,
                )

    def _kill_hung(self) -> None:
        now = time.monotonic()
        for service, child in self._children.items():
            if child.pid and self._board.is_hung(service, now):
                log.error("child hangs and is killed", child=service)
                os.kill(child.pid, signal.SIGKILL)

    def _stop(self) -> None:
        """Ask every child to end, and kill those that do not."""
        living = {child.pid for child in self._children.values() if child.pid}
        for pid in living:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + WORKER_STOP_SECONDS_MAX
        while living:
            living = {pid for pid in living if not os.waitpid(pid, os.WNOHANG)[0]}
            if living and time.monotonic() > deadline:
                for pid in living:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                return
            if living:
                signal.sigtimedwait({signal.SIGCHLD}, 0.1)


if __name__ == "__main__":
    run_worker(Settings.from_environment())
