"""The embedded Postgres: its data folder, its settings, starting and stopping its server as our own child."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from annotary.infra import queries
from annotary.infra.embedded import ports, probe, processes
from annotary.infra.embedded.binaries import postgres_program
from annotary.infra.embedded.identity import Identity, own, server_identity
from annotary.kernel.errors import Unavailable
from annotary.kernel.limits import (
    POSTGRES_LEFT_OVER_SECONDS_MAX,
    POSTGRES_READY_SECONDS_MAX,
    POSTGRES_STOP_SECONDS_MAX,
)

USER = "annotary"
DATABASE = "annotary"
QUERIES = queries.load(__package__)
POLL_SECONDS = 0.02

# For a small machine that does short transactions. A folder's own `local.conf` is read after these.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "huge_pages": "off",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    # Compressing page images after a checkpoint costs half again as much CPU a transaction (measured).
    "wal_compression": "off",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "5min",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_logical_replication_workers": "0",
    # Two cores belong to short transactions: no query may take both.
    "max_parallel_workers_per_gather": "0",
    "autovacuum_naptime": "10s",
    "autovacuum_max_workers": "2",
    "track_commit_timestamp": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "log_checkpoints": "off",
    # A client that vanished without a word must not hold its locks for hours.
    "tcp_keepalives_idle": "60",
    "client_connection_check_interval": "10s",
}
# Three worker processes of Postgres 18 that a machine of this size does not miss.
SETTINGS_18: Mapping[str, str] = {"io_method": "sync"}


class PostgresFailed(Unavailable):
    """The embedded Postgres did not come up."""

    code = "postgres_failed"


class Access(msgspec.Struct, frozen=True):
    """How to reach the server; kept in the data folder, readable for its owner only."""

    port: int
    password: str


class EmbeddedPostgres:
    """The server of one data folder: files in `data_dir/postgres`, access in `data_dir/postgres.json`."""

    def __init__(self, data_dir: Path, overrides: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "postgres"
        self.log = data_dir / "logs" / "postgres.log"
        self._access_file = data_dir / "postgres.json"
        self._overrides = dict(overrides or {})
        self._identity: Identity | None = None

    @property
    def exists(self) -> bool:
        """Whether the data folder has a server's files."""
        return (self.folder / "PG_VERSION").exists()

    @property
    def access(self) -> Access:
        """The port and the password of the server."""
        return msgspec.json.decode(self._access_file.read_bytes(), type=Access)

    @property
    def identity(self) -> Identity:
        """As whom the server runs."""
        if self._identity is None:
            self._identity = server_identity()
        return self._identity

    def url(self, database: str = DATABASE) -> str:
        """Return the libpq URL of a database of the server."""
        access = self.access
        server = f"{USER}:{quote(access.password)}@{ports.LOOPBACK}:{access.port}"
        # Says that there is no TLS to try, and that no key files in somebody's home are wanted.
        return f"postgresql://{server}/{database}?sslmode=disable"

    def prepare(self) -> None:
        """Make the data files when there are none, end what an earlier run left, and settle the port."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.exists:
            self._create()
        own(self.folder, self.identity)
        self._clear_left_over()
        access = self.access
        port = ports.choose(access.port)
        if port != access.port:
            self._write_access(Access(port, access.password))
        self._write_settings(port)

    def start(self) -> int:
        """Start the server as a child of this process and return its process id; it is not ready yet."""
        return processes.execute(
            [postgres_program("postgres"), "-D", self.folder],
            log=self.log,
            death_signal=signal.SIGINT,
            prepare=self.identity.become,
        )

    def is_ready(self, timeout_seconds: float = 1.0) -> bool:
        """Whether the server takes connections now."""
        question = probe.postgres_question(USER, DATABASE)
        return probe.postgres_well(probe.ask(self.access.port, question, timeout_seconds))

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Start the server, yield its URL once it is ready, and stop it at the end."""
        self.prepare()
        pid = self.start()
        try:
            self._await_ready(pid)
            yield self.url()
        finally:
            stop(pid)

    def _await_ready(self, pid: int) -> None:
        deadline = time.monotonic() + POSTGRES_READY_SECONDS_MAX
        while not self.is_ready():
            ended, _ = os.waitpid(pid, os.WNOHANG)
            if ended or time.monotonic() > deadline:
                raise PostgresFailed(f"Postgres did not come up. The end of {self.log}:\n{self.log_tail()}")
            time.sleep(POLL_SECONDS)

    def log_tail(self, characters_max: int = 2000) -> str:
        """Return the end of the server's log."""
        with contextlib.suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-characters_max:]
        return ""

    def _create(self) -> None:
        """Make the data files beside their final place, so that a half-made folder is never taken for one."""
        made = self.folder.with_suffix(".new")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        with tempfile.NamedTemporaryFile("w", dir=self.data_dir, prefix="postgres.", suffix=".tmp") as secret:
            secret.write(password)
            secret.flush()
            own(made, self.identity)
            os.chown(secret.name, self.identity.user, self.identity.group)
            self._run(
                *("initdb", "-D", str(made), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret.name}"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--data-checksums"),
            )
        self._run("postgres", "--single", "-D", str(made), "postgres", words=f"{QUERIES.create_database}\n")
        with (made / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include_if_exists = 'annotary.conf'\ninclude_if_exists = 'local.conf'\n")
        self._write(made / "local.conf", "# Settings of yours, which win over those of annotary.conf.\n")
        self._write_access(Access(0, password))
        made.rename(self.folder)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [postgres_program(program), *arguments],
            input=words,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            preexec_fn=self.identity.become,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise PostgresFailed(f"{program} ended with {done.returncode}: {said}")

    def _clear_left_over(self) -> None:
        """End a server that a killed supervisor left, and remove the pid file of one that is gone."""
        pid_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + POSTGRES_LEFT_OVER_SECONDS_MAX
        signals = iter((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
        next_signal_at = 0.0
        while (pid := _server_of(pid_file)) is not None:
            now = time.monotonic()
            if now >= next_signal_at:
                os.kill(pid, next(signals, signal.SIGKILL))
                next_signal_at = now + POSTGRES_LEFT_OVER_SECONDS_MAX / 3
            if now > deadline:
                raise PostgresFailed(f"Process {pid}, an earlier Postgres of {self.folder}, does not end.")
            time.sleep(POLL_SECONDS)
        pid_file.unlink(missing_ok=True)

    def _write_access(self, access: Access) -> None:
        new = self._access_file.with_suffix(".json.new")
        new.touch(mode=0o600)
        new.write_bytes(msgspec.json.encode(access))
        new.rename(self._access_file)

    def _write_settings(self, port: int) -> None:
        major = int((self.folder / "PG_VERSION").read_text().split(".")[0])
        settings = {**SETTINGS, **(SETTINGS_18 if major >= 18 else {}), **self._overrides, "port": str(port)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        head = "# Written at every start. Your own settings belong in local.conf.\n"
        self._write(self.folder / "annotary.conf", head + "".join(lines))

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        os.chown(file, self.identity.user, self.identity.group)


def stop(pid: int, seconds_max: float = POSTGRES_STOP_SECONDS_MAX) -> None:
    """Stop a server that is our child: fast (open transactions end), then at once when it takes too long."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, number)
            deadline = time.monotonic() + seconds_max
            while time.monotonic() < deadline:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    return
                time.sleep(POLL_SECONDS)
            continue
        return


def _server_of(pid_file: Path) -> int | None:
    """Return the process of a pid file when it lives and works in the file's folder: ids are used again."""
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        here = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if here == pid_file.parent.absolute() and processes.start_ticks(pid) is not None else None
