"""The installation the demo runs on: one that is up, or one started for it in a process of its own."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

from annotary.infra.settings import Settings
from annotary.kernel.errors import Unavailable
from annotary.services.supervisor_folder import Folder

STOP_SECONDS_MOST = 60.0
COMMAND = "from annotary.cli.main import main; main()"


class PlatformNotStarted(Unavailable):
    """The platform did not come up; what it said stands above."""

    code = "not_started"


class Platform:
    """A platform that answers. `wait` blocks while it runs, and returns at once where it is not ours."""

    def __init__(self, url: str, process: subprocess.Popen[str] | None) -> None:
        self.url = url
        self._process = process

    def wait(self) -> None:
        """Wait for the end of a platform that was started here."""
        if self._process is not None:
            self._process.wait()


@contextlib.contextmanager
def running(settings: Settings, say: Callable[[str], None]) -> Iterator[Platform]:
    """Yield the platform of a data folder; one that was started here is stopped at the end."""
    folder = Folder(settings.data_dir)
    record = folder.read_record() if folder.is_running() else None
    if record is not None and record.ready:
        say(f"Annotary already runs on {settings.data_dir}: {record.url}")
        yield Platform(record.url, None)
        return
    command = [sys.executable, "-c", COMMAND, "up", "--json", "--no-starter"]
    command += ["--data-dir", str(settings.data_dir)]
    command += ["--port", str(settings.edge_port)] if settings.edge_port else []
    # In a session of its own, so that Ctrl-C reaches the demo first and it stops the platform in good order.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            if not process.stdout.readline():
                process.wait()
                raise PlatformNotStarted
            record = folder.read_record()
            if record is None:
                raise PlatformNotStarted
            yield Platform(record.url, process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(STOP_SECONDS_MOST)
