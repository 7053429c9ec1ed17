"""The data folder of an installation: its lock, its keys, and the record of what runs in it now."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from pathlib import Path

import msgspec

from annotary.infra.embedded import processes
from annotary.kernel.errors import Conflict

RUN_FOLDERS = ("run", "logs", "keys", "objects")


class AlreadyRunning(Conflict):
    """Annotary already runs on this data folder."""

    code = "already_running"


class ProcessRecord(msgspec.Struct, kw_only=True):
    """What is known of a process; `start_ticks` tells it from a later one of the same id."""

    name: str
    state: str
    pid: int = 0
    start_ticks: int | None = None
    port: int = 0
    restarts: int = 0
    reason: str = ""
    log: str = ""

    @property
    def lives(self) -> bool:
        """Whether this very process still lives."""
        return self.pid > 0 and processes.start_ticks(self.pid) == self.start_ticks


class Record(msgspec.Struct, kw_only=True):
    """What runs on a data folder: written when it changes, read by `annotary status` and the next `up`."""

    version: str
    pid: int
    url: str
    port: int
    started_at: str
    ready: bool = False
    embedded_postgres: bool = True
    processes: list[ProcessRecord] = []

    def port_of(self, name: str) -> int:
        """The port a process had, or 0."""
        return next((process.port for process in self.processes if process.name == name), 0)


class Folder:
    """A data folder. Everything in it is for its owner's eyes only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._record_file = path / "run" / "state.json"
        self._lock: int | None = None

    def make(self) -> None:
        """Make the folder and its parts where they are missing."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in RUN_FOLDERS:
            (self.path / name).mkdir(mode=0o700, exist_ok=True)

    def lock(self) -> None:
        """Take the folder for this process until it ends; raises AlreadyRunning when another has it."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            record = self.read_record()
            where = f": {record.url or 'still starting'} (process {record.pid})" if record else ""
            raise AlreadyRunning(f"Annotary already runs on {self.path}{where}.") from None
        self._lock = handle

    def unlock(self) -> None:
        """Give the folder back; a forked child does too, else the lock would live as long as the child."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_running(self) -> bool:
        """Whether some process has the folder."""
        if not (self.path / "lock").exists():
            return False
        with (self.path / "lock").open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def read_record(self) -> Record | None:
        """Return the last record, of the process that has the folder or of the last one that had it."""
        try:
            return msgspec.json.decode(self._record_file.read_bytes(), type=Record)
        except (OSError, msgspec.MsgspecError):
            return None

    def write_record(self, record: Record) -> None:
        """Replace the record, whole."""
        # On a full disk the record is old for a while; nothing else hangs on it.
        with contextlib.suppress(OSError):
            new = self._record_file.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(record))
            new.chmod(0o600)
            new.rename(self._record_file)

    def key(self, name: str) -> bytes:
        """Return a secret key of the installation, made at its first use."""
        file = self.path / "keys" / name
        with contextlib.suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_hex(32).encode())
                stream.flush()
                os.fsync(stream.fileno())
        return file.read_bytes()
