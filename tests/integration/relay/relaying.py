"""A relay in a process of its own, or in the worker's child that has it: until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from pathlib import Path

from annotary.eventlog.relay.service import Relay, run_relay
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.infra.telemetry import configure_logs
from annotary.services.worker_board import Board
from annotary.services.worker_child import run_child
from annotary.services.worker_http import listen


class RelayProcess:
    """Starts, kills and stops the process."""

    def __init__(self, url: str, kafka: Kafka, log: Path, service: str = "text") -> None:
        self._command = [sys.executable, __file__, url, service, kafka.bootstrap, kafka.topic_prefix]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log)

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        assert self._process
        self._process.send_signal(number)
        code = self._process.wait(30)
        self._process = None
        return code

    def close(self) -> None:
        if self._process:
            self.end(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")


async def _relay(url: str, service: str, bootstrap: str, prefix: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = None
    while database is None:
        with contextlib.suppress(Exception):
            database = await Database.connect(url, service, connections_max=2)
    await run_relay(Relay(database, Kafka(bootstrap=bootstrap, topic_prefix=prefix)), stop)
    await database.close()


def _work(service: str, port: int) -> None:
    """Be the worker's child of a service, told where everything is by the environment."""
    board = Board((service,))
    run_child(service, Settings.from_environment(), board, listen("127.0.0.1", port))


if __name__ == "__main__":
    if sys.argv[1] == "work":
        _work(sys.argv[2], int(sys.argv[3]))
    else:
        configure_logs("relay", "info")
        asyncio.run(_relay(*sys.argv[1:]))
