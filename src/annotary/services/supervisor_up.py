"""`annotary up`: the whole of an installation, from a data folder to a URL, and down again."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

import annotary
from annotary.infra.embedded import ports, probe, processes
from annotary.infra.embedded.postgres import DATABASE, USER, EmbeddedPostgres
from annotary.infra.settings import MODALITIES, SERVICES, Settings
from annotary.kernel.errors import Unavailable
from annotary.kernel.limits import (
    EDGE_GRACE_SECONDS,
    LEFT_OVER_SECONDS_MAX,
    POSTGRES_START_SECONDS_MAX,
    POSTGRES_STARTS_MAX,
    POSTGRES_STOP_SECONDS_MAX,
    START_SECONDS_MAX,
)
from annotary.services.edge.config import edge_config, write_edge_config
from annotary.services.edge.server import start_edge
from annotary.services.supervisor import Say, StopRequested, Supervisor
from annotary.services.supervisor_child import Child, Program
from annotary.services.supervisor_folder import Folder, ProcessRecord, Record

EDGE_PORT_DEFAULT = 8420
LOG_TAIL_CHARACTERS = 2000


class NotStarted(Unavailable):
    """Something did not come up, so everything was stopped again."""

    code = "not_started"


class Ready(msgspec.Struct, kw_only=True):
    """What is told once everything answers; at the first start the owner's token and a link with it."""

    ok: bool = True
    url: str
    data_dir: str
    pid: int
    seconds: float
    owner_token: str | None = None
    welcome_url: str | None = None


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation consists of; tests put programs of their own in.

    `preload` imports the services' code once; `prepare` (run in a child) brings the databases up to date and
    returns the first owner's token when it made one; `services` serve until SIGTERM. `afterwards` is asked,
    once everything answers, for what is still to be done then, if anything is: nothing waits for its child.
    """

    preload: Callable[[], None]
    prepare: Callable[[Settings], str | None]
    services: Mapping[str, Callable[[Settings], None]]
    afterwards: Callable[[Settings, str | None], Callable[[], object] | None] = lambda _settings, _token: None


class Installation:
    """One run of everything on one data folder."""

    def __init__(self, settings: Settings, parts: Parts, say: Say) -> None:
        self.settings = settings
        self.parts = parts
        self.say = say
        self.folder = Folder(settings.data_dir)
        self.postgres = EmbeddedPostgres(settings.data_dir)
        self.embeds_postgres = any(not settings.database_urls.get(name) for name in SERVICES)
        self.supervisor = Supervisor(say=say, changed=self._write_record, leave=self.folder.unlock)
        self.record = Record(version=annotary.__version__, pid=os.getpid(), url="", port=0, started_at=_now())
        self._postgres: list[Child] = []
        self._services: list[Child] = []
        self._edge: list[Child] = []

    def run(self, announce: Callable[[Ready], None]) -> None:
        """Start everything, announce that it is ready, and keep it running until asked to stop."""
        began = time.monotonic()
        self.folder.make()
        self.folder.lock()
        previous = self.folder.read_record()
        self._write_record([])
        with self.supervisor.signals():
            try:
                token = self._start(previous)
                announce(
                    Ready(
                        url=self.record.url,
                        data_dir=str(self.folder.path),
                        pid=os.getpid(),
                        seconds=round(time.monotonic() - began, 3),
                        owner_token=token,
                        welcome_url=None if token is None else self.settings.welcome_url(token),
                    )
                )
                if work := self.parts.afterwards(self.settings, token):
                    self.supervisor.fork(work, self._log("afterwards"))
                self.supervisor.wait_until(lambda: False)
            except StopRequested:
                self.say("stopping")
            finally:
                self.supervisor.stop(self._edge, self._services, self._postgres)
        self.folder.unlock()

    def _start(self, previous: Record | None) -> str | None:
        self._end_left_over(previous)
        self._settle(previous)
        if self.embeds_postgres:
            self._start_postgres()
        self.parts.preload()
        gc.collect()
        # What is imported by now is never collected again, so that forked children leave its memory shared.
        gc.freeze()
        self._await_postgres()
        token = self._prepare()
        for name, service in self.parts.services.items():
            self._services.append(self.supervisor.add(self._service(name, service)))
        self._edge.append(self.supervisor.add(self._edge_program()))
        self._await_all()
        self.record.ready = True
        self._write_record(self.supervisor.children)
        return token

    def _end_left_over(self, previous: Record | None) -> None:
        """What a killed supervisor started is ending by itself; kill what does not. Postgres is apart."""
        left = [process for process in previous.processes if process.name != "postgres"] if previous else []
        deadline = time.monotonic() + LEFT_OVER_SECONDS_MAX
        while any(process.lives for process in left):
            if time.monotonic() > deadline:
                for process in left:
                    if process.lives:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(process.pid, signal.SIGKILL)
            time.sleep(0.01)

    def _settle(self, previous: Record | None) -> None:
        """Decide the ports and the URLs: those of the last run where they are free."""
        wanted = self.settings.edge_port or (previous.port if previous else 0) or EDGE_PORT_DEFAULT
        port = ports.choose(wanted, self.settings.host)
        if port != wanted:
            self.say(f"port {wanted} is taken: using {port}")
        chosen: dict[str, int] = {}
        for name in self.parts.services:
            last = self.settings.ports.get(name, 0) or (previous.port_of(name) if previous else 0)
            chosen[name] = ports.choose(last, taken=frozenset({port, *chosen.values()}))
        if self.embeds_postgres:
            self.postgres.prepare()
        urls = {name: self.settings.database_urls.get(name) or self.postgres.url() for name in SERVICES}
        self.settings = msgspec.structs.replace(
            self.settings,
            ports=chosen,
            edge_port=port,
            database_urls=urls,
            signing_key=self.settings.signing_key or self.folder.key("signing.key"),
        )
        self.record.port = port
        self.record.url = self.settings.url
        self.record.embedded_postgres = self.embeds_postgres

    def _start_postgres(self) -> None:
        program = Program(
            name="postgres",
            start=self.postgres.start,
            port=self.postgres.access.port,
            question=probe.postgres_question(USER, DATABASE),
            well=probe.postgres_well,
            log=str(self.postgres.log),
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
            stop_seconds_max=POSTGRES_STOP_SECONDS_MAX,
            killed_when_hung=False,
        )
        self._postgres.append(self.supervisor.add(program))

    def _await_postgres(self) -> None:
        """Wait for Postgres, as long as it needs to recover, unless it ends again and again."""
        for child in self._postgres:
            self.supervisor.wait_until(
                lambda child=child: child.state == "healthy" or child.restarts >= POSTGRES_STARTS_MAX,  # type: ignore[misc]
                POSTGRES_START_SECONDS_MAX,
            )
            if child.state != "healthy":
                raise NotStarted(f"Postgres does not come up.\n{self._tail(child)}")

    def _prepare(self) -> str | None:
        prepare = partial(self.parts.prepare, self.settings)
        token = self.supervisor.call(prepare, self._log("prepare"))
        return None if token is None else str(token)

    def _service(self, name: str, run: Callable[[Settings], None]) -> Program:
        log = self._log(name)
        return Program(
            name=name,
            start=lambda: self.supervisor.fork(lambda: run(self.settings), log),
            port=self.settings.ports[name],
            question=probe.http_question("/healthz"),
            well=probe.http_well,
            log=str(log),
            shares=name in MODALITIES,
        )

    def _edge_program(self) -> Program:
        settings, log = self.settings, self._log("edge")
        file = self.folder.path / "run" / "edge.json"
        probe_port = ports.choose(taken=frozenset({settings.edge_port, *settings.ports.values()}))
        config = edge_config(
            host=settings.host,
            port=settings.edge_port,
            domain=settings.domain,
            ports=settings.ports,
            data_dir=settings.data_dir,
            probe_port=probe_port,
        )
        write_edge_config(file, config)
        return Program(
            name="edge",
            start=lambda: start_edge(file, settings.data_dir, log),
            port=probe_port,
            question=probe.http_question("/"),
            well=probe.http_well,
            log=str(log),
            stop_seconds_max=EDGE_GRACE_SECONDS + 2.0,
        )

    def _await_all(self) -> None:
        children = self.supervisor.children
        if not self.supervisor.wait_until(
            lambda: all(c.state == "healthy" for c in children), START_SECONDS_MAX
        ):
            late = [child for child in children if child.state != "healthy"]
            words = "\n".join(f"{c.program.name} ({c.reason or 'no answer'}):\n{self._tail(c)}" for c in late)
            raise NotStarted(f"Not everything came up within {START_SECONDS_MAX:.0f} s. {words}")

    def _log(self, name: str) -> Path:
        return self.folder.path / "logs" / f"{name}.log"

    def _tail(self, child: Child) -> str:
        with contextlib.suppress(OSError):
            return Path(child.program.log).read_text(errors="replace")[-LOG_TAIL_CHARACTERS:]
        return ""

    def _write_record(self, children: list[Child]) -> None:
        self.record.processes = [
            ProcessRecord(
                name=child.program.name,
                state=child.state,
                pid=child.pid,
                start_ticks=processes.start_ticks(child.pid) if child.pid else None,
                port=child.program.port,
                restarts=child.restarts,
                reason=child.reason,
                log=child.program.log,
            )
            for child in children
        ]
        self.folder.write_record(self.record)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
