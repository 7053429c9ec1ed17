"""A real worker in processes of its own, to be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class WorkerProcess:
    """`python -m annotary.services.worker`, parent and children."""

    def __init__(self, database_url: str, data_dir: Path) -> None:
        self.port = free_port()
        self._log = (data_dir / "worker.log").open("ab")
        self._environment = {
            **os.environ,
            "ANNOTARY_DATABASE_URL": database_url,
            "ANNOTARY_DATA_DIR": str(data_dir),
            "ANNOTARY_WORKER_PORT": str(self.port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        command = [sys.executable, "-m", "annotary.services.worker"]
        self._process = subprocess.Popen(command, env=self._environment, stderr=self._log)

    def children(self) -> list[int]:
        """The children now, in the order they were started in (platform, text, image, video, unless
        restarted).
        """
        return [child.pid for child in psutil.Process(self.pid).children()]

    def kill_children(self) -> None:
        """kill -9 of every child; the parent lives."""
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 of the parent, and of what it leaves behind."""
        children = self.children()
        assert self._process
        self._process.kill()
        self._process.wait()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait(self) -> int:
        assert self._process
        return self._process.wait(timeout=240)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=240)
            except subprocess.TimeoutExpired:
                self.kill_all()
        self._log.close()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=2.0)
