"""A restored backup verifies, goes on with the same chains, and is still found out when it was changed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec

from annotary.eventlog.chain.service import append_once
from annotary.infra.objects import open_objects
from annotary.infra.settings import SERVICES
from annotary.services.backup import back_up
from annotary.services.restore import restore
from integration.audit.conftest import Connect, Log


async def test_a_restored_log_verifies_and_goes_on(log: Log, connect: Connect, tmp_path: Path) -> None:
    await log.write(40)
    # An early event of a transaction that ends late is behind later ones in the chain.
    async with log.text.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await slow.execute(
            "INSERT INTO events (organisation_id, type, subject_id, data) VALUES ($1, 'task.done', $1, $2)",
            log.organisations[0],
            '{"answers":1}',
        )
        await log.write(6, log.platform)
        await log.chain()
        await late.commit()
    await log.write(8)
    assert await append_once(log.text, 4)
    await log.write(5)
    before = await log.verify()
    assert before.ok and before.unsealed > 5

    url = urlsplit(log.settings.database_urls["text"])._replace(path="/restored").geturl()
    connection = await asyncpg.connect(log.settings.database_urls["text"])
    await connection.execute("CREATE DATABASE restored")
    await connection.close()
    await asyncio.to_thread(back_up, log.settings, tmp_path / "backup")
    settings = msgspec.structs.replace(
        log.settings, data_dir=tmp_path / "other", database_urls=dict.fromkeys(SERVICES, url)
    )
    await asyncio.to_thread(restore, settings, tmp_path / "backup")

    there = log._replace(
        settings=settings,
        text=await connect(url, "text"),
        platform=await connect(url, "platform"),
        objects=open_objects(settings),
    )
    restored = await there.verify(log.key.public)
    assert restored.first_bad is None
    assert (restored.events, restored.sealed_through) == (before.events, before.sealed_through)
    await there.write(10)
    await there.chain()
    after = await there.verify(log.key.public)
    assert after.first_bad is None and after.events == after.sealed_through == before.events + 10
    await there.text.execute("UPDATE events SET actor_id = subject_id WHERE sequence = 5")
    found = (await there.verify()).first_bad
    assert found is not None and found.seq == 5
