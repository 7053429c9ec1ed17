"""A process that appends until it is killed: `python -m integration.audit.appending URL`."""

from __future__ import annotations

import asyncio
import sys

from annotary.eventlog.chain.service import append_once
from annotary.infra.postgres import Database


async def append(url: str) -> None:
    database = await Database.connect(url, "text", connections_max=2)
    print("ready", flush=True)
    while True:
        if not await append_once(database, 7):
            await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(append(sys.argv[1]))
