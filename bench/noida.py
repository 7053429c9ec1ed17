"""noida-db: one process from a wheel that speaks Kafka's protocol, for measurements and tests."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
from pathlib import Path

from annotary.infra.embedded import ports

END_SECONDS_MAX = 30.0


class Noida:
    """A broker on a port of its own. It saves what it holds now and then, and when it ends in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = ports.choose()
        self._process: subprocess.Popen[bytes] | None = None
        self.bootstrap = f"{ports.LOOPBACK}:{self._port}"

    def start(self) -> None:
        """Start it; it may take a moment until it answers."""
        found = importlib.util.find_spec("noida_db")
        assert found and found.origin, "the extra `test` brings noida-db"
        program = Path(found.origin).with_name("noida-db")
        self._folder.mkdir(exist_ok=True)
        with (self._folder / "noida.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(program, "start", "--data-dir", self._folder / "data", "--host", ports.LOOPBACK),
                    *("--only", "kafka", "--kafka-port", str(self._port)),
                ],
                stdout=log,
                stderr=log,
            )

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal, and wait until it is gone."""
        if self._process:
            self._process.send_signal(number)
            self._process.wait(END_SECONDS_MAX)
            self._process = None
