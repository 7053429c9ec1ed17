"""Asks the work of paused annotators again in small steps: something to be killed.

It takes a step for each line on stdin and says so; when stdin has ended, as many as are left. Arguments: the
URL of the database, and how many submissions one step looks at.
"""

from __future__ import annotations

import asyncio
import sys

from annotary.infra.postgres import Database
from annotary.quality.skill import service_pauses


async def main(url: str, looked_at: int) -> None:
    service_pauses.REQUEUE_LOOKED_AT_MAX = looked_at  # type: ignore[attr-defined]
    database = await Database.connect(url, "text", connections_max=1)
    print("ready", flush=True)
    while await database.fetch(service_pauses.PAUSES.pauses_under_way, 1):
        sys.stdin.readline()
        await service_pauses.requeue_once(database)
        print("step", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
