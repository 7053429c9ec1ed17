"""A program for the tests: an installation whose services are tiny, and crash, hang or write when asked to.

Run as `python stand.py DATA_DIR [PORT]`; it prints one line of JSON when ready, as `annotary up --json` does.
Services answer /healthz; /write adds a row to Postgres (/fill one of half a megabyte) and answers 201 once
it is committed; /crash ends the process; /hang blocks it; /slow answers after its query's milliseconds;
anything else is told back.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from functools import partial
from pathlib import Path

from annotary.cli.options import print_json, say
from annotary.infra.settings import Settings
from annotary.services.supervisor_up import Installation, Parts

FILL_BYTES = 512 * 1024
SERVICES = ("platform", "text", "video", "worker")


def prepare(settings: Settings) -> str | None:
    import asyncpg

    async def run() -> str | None:
        connection = await asyncpg.connect(settings.database_urls["text"])
        try:
            known = await connection.fetchval("SELECT to_regclass('tally')")
            await connection.execute("CREATE TABLE IF NOT EXISTS tally (id bigint PRIMARY KEY, bulk bytea)")
            return None if known else "first-token"
        finally:
            await connection.close()

    return asyncio.run(run())


def serve(name: str, settings: Settings) -> None:
    asyncio.run(_serve(name, settings))


async def _serve(name: str, settings: Settings) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    answer = partial(_answer, name, settings)
    server = await asyncio.start_server(answer, settings.host, settings.ports[name])
    await stop.wait()
    server.close()


async def _answer(
    name: str, settings: Settings, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    words, *lines = head.split("\r\n")
    length = next(
        (int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0
    )
    if length:
        await reader.readexactly(length)
    path = words.split(" ")[1]
    status, body = await _act(name, settings, path)
    text = json.dumps(body).encode()
    writer.write(
        b"HTTP/1.1 %d x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(text)) + text
    )
    await writer.drain()
    writer.close()


async def _act(name: str, settings: Settings, path: str) -> tuple[int, object]:
    action, _, value = path.rpartition("/")[2].partition("?")
    if action == "crash":
        os._exit(3)
    if action == "hang":
        while True:
            pass
    if action == "slow":
        await asyncio.sleep(int(value) / 1000)
    if action in ("write", "fill"):
        return await _write(settings, int(value), os.urandom(FILL_BYTES) if action == "fill" else b"")
    return 200, {"service": name, "path": path, "pid": os.getpid()}


async def _write(settings: Settings, value: int, bulk: bytes) -> tuple[int, object]:
    import asyncpg

    from annotary.infra.postgres import meaning
    from annotary.infra.problems import problem_of

    try:
        connection = await asyncpg.connect(settings.database_urls["text"])
        try:
            await connection.execute("INSERT INTO tally VALUES ($1, $2) ON CONFLICT DO NOTHING", value, bulk)
        finally:
            await connection.close()
    except Exception as error:
        known = meaning(error)
        if known is None:
            raise
        problem = problem_of(known, "")
        return problem["status"], problem
    return 201, {}


if __name__ == "__main__":
    settings = Settings.from_environment(data_dir=Path(sys.argv[1]))
    stand = Parts(
        preload=lambda: None,
        prepare=prepare,
        services={name: partial(serve, name) for name in SERVICES},
    )
    Installation(settings, stand, say).run(print_json)
