"""What `annotary status` tells: each process as it is now, and how much work there is."""

from __future__ import annotations

import asyncio

import asyncpg
import msgspec

from annotary.infra import queries
from annotary.infra.embedded import probe
from annotary.infra.embedded.memory import family_pss_bytes, pss_bytes
from annotary.infra.embedded.postgres import DATABASE, USER
from annotary.infra.settings import MODALITIES, Settings
from annotary.kernel.limits import COUNT_CONNECT_SECONDS_MAX, HEALTH_SECONDS_MAX
from annotary.services.supervisor_access import reach
from annotary.services.supervisor_folder import Folder, ProcessRecord

_queries = queries.load("annotary.services", "status.sql")


class ProcessStatus(msgspec.Struct, kw_only=True):
    """One process. `health` is `ok`, or what is wrong; `memory_bytes` counts shared pages once."""

    name: str
    state: str
    pid: int
    restarts: int
    memory_bytes: int | None
    health: str


class Counts(msgspec.Struct, kw_only=True):
    """How much work a modality holds."""

    tasks: int
    submissions: int
    outcomes: int


class Status(msgspec.Struct, kw_only=True):
    """The whole of it; `ok` is false when anything is not healthy."""

    ok: bool
    running: bool
    data_dir: str
    url: str = ""
    pid: int = 0
    started_at: str = ""
    memory_bytes: int = 0
    processes: list[ProcessStatus] = []
    counts: dict[str, Counts] = {}
    error: str | None = None


def read_status(settings: Settings) -> Status:
    """Return the status of the installation on a data folder."""
    folder = Folder(settings.data_dir)
    record = folder.read_record() if folder.is_running() else None
    if record is None:
        return Status(ok=False, running=False, data_dir=str(folder.path))
    supervisor = ProcessStatus(
        name="supervisor",
        state="healthy",
        pid=record.pid,
        restarts=0,
        memory_bytes=pss_bytes(record.pid),
        health="ok" if record.ready else "still starting",
    )
    processes = [supervisor, *map(_status, record.processes)]
    counts: dict[str, Counts] = {}
    error = None
    try:
        with reach(settings) as reached:
            counts = asyncio.run(_counts(reached))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        error = f"The database does not answer: {problem}"
    return Status(
        ok=error is None and all(one.health == "ok" for one in processes),
        running=True,
        data_dir=str(folder.path),
        url=record.url,
        pid=record.pid,
        started_at=record.started_at,
        memory_bytes=family_pss_bytes(record.pid) or 0,
        processes=processes,
        counts=counts,
        error=error,
    )


def _status(process: ProcessRecord) -> ProcessStatus:
    return ProcessStatus(
        name=process.name,
        state=process.state,
        pid=process.pid,
        restarts=process.restarts,
        memory_bytes=family_pss_bytes(process.pid) if process.pid else None,
        health=_health(process),
    )


def _health(process: ProcessRecord) -> str:
    if process.state != "healthy":
        return process.reason or process.state
    if process.name == "postgres":
        question = probe.postgres_question(USER, DATABASE)
        well = probe.postgres_well(probe.ask(process.port, question, HEALTH_SECONDS_MAX))
        return "ok" if well else "does not take connections"
    path = "/" if process.name == "edge" else "/readyz"
    reply = probe.ask(process.port, probe.http_question(path), HEALTH_SECONDS_MAX)
    if probe.http_well(reply):
        return "ok"
    body = reply.partition(b"\r\n\r\n")[2].decode(errors="replace")
    return f"not ready: {body}" if reply else "does not answer"


async def _counts(settings: Settings) -> dict[str, Counts]:
    return {name: await _count(settings.database_urls[name], name) for name in MODALITIES}


async def _count(url: str, schema: str) -> Counts:
    connection = await asyncpg.connect(
        url, server_settings={"search_path": schema}, timeout=COUNT_CONNECT_SECONDS_MAX
    )
    try:
        row = await connection.fetchrow(_queries.counts)
        return Counts(**dict(row or {}))
    finally:
        await connection.close()
