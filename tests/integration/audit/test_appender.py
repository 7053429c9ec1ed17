"""Appending: one chain without gap or fork, whoever else appends, is killed, or commits late."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from annotary.eventlog.chain import rules
from annotary.eventlog.chain.service import append_once, seal_due
from annotary.eventlog.chain.service_keys import key_file, signing_key
from annotary.eventlog.chain.service_proofs import prove
from integration.audit.conftest import Log

CHAINED = "SELECT coalesce(sum(cardinality(sequences)), 0) FROM event_runs"


async def all_once(log: Log, count: int) -> None:
    """Chain the rest; every event is in exactly one run, and all of it verifies."""
    await log.chain()
    report = await log.verify()
    assert report.first_bad is None, report
    assert report.events == report.sealed_through == count
    distinct = "SELECT count(DISTINCT s) FROM event_runs, unnest(sequences) s"
    assert (await log.text.fetch(distinct))[0][0] == (await log.text.fetch(CHAINED))[0][0] == count


async def test_an_appender_that_is_killed_leaves_neither_gap_nor_fork(log: Log) -> None:
    url = log.settings.database_urls["text"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    count = 0
    for _ in range(4):
        await log.write(120)
        count += 120
        before = (await log.text.fetch(CHAINED))[0][0]
        process = subprocess.Popen(  # noqa: ASYNC220, a signal is all that goes to it
            [sys.executable, "-m", "integration.audit.appending", url],
            env=environment,
            stdout=subprocess.PIPE,
        )
        try:
            # Killed when it has begun, and mostly before it has come to the end.
            wanted = before + random.randrange(1, 60)
            while (await log.text.fetch(CHAINED))[0][0] < wanted:
                assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert process.stdout
            process.stdout.close()
    await all_once(log, count)


async def test_appenders_at_once_make_one_chain(log: Log) -> None:
    done = asyncio.Event()

    async def append() -> int:
        runs = 0
        while not done.is_set():
            runs += bool(await append_once(log.text, 5))
            await seal_due(log.text, log.key, events_min=20)
        return runs

    appenders = [asyncio.create_task(append()) for _ in range(3)]
    await asyncio.gather(*(log.write(60) for _ in range(4)))
    while (await log.text.fetch(CHAINED))[0][0] < 240:
        await asyncio.sleep(0)
    done.set()
    assert sum(await asyncio.gather(*appenders)) >= 240 // 5
    await all_once(log, 240)


async def test_an_event_that_commits_late_comes_behind_those_before_it(log: Log) -> None:
    await log.write(3)
    async with log.text.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await slow.execute(
            "INSERT INTO events (organisation_id, type, subject_id, data) VALUES ($1, 'task.done', $1, $2)",
            log.organisations[0],
            '{"answers":1}',
        )
        await log.write(9)
        assert await append_once(log.text) == 3, "an open transaction may still come before the others"
        assert await append_once(log.text) == 0
        await late.commit()
    assert await append_once(log.text) == 10
    await all_once(log, 13)


async def test_a_position_that_was_set_back_chains_nothing_twice(log: Log) -> None:
    await log.write(30)
    await log.chain()
    await log.write(12)
    await log.text.execute("UPDATE consumers SET transaction_id = '0', sequence = 0 WHERE name = 'chain'")
    await all_once(log, 42)


async def test_every_event_of_a_sealed_segment_is_proved(log: Log) -> None:
    await log.write(50)
    await log.chain()
    rows = await log.text.fetch("SELECT sequence, organisation_id FROM events")
    async with log.text.connection() as uow:
        for row in rows:
            proof = await prove(uow, "text", row["organisation_id"], row["sequence"])
            assert proof.event.sequence == row["sequence"]
            assert rules.check(proof, log.key.public) is None


async def test_a_new_key_signs_on_and_the_old_one_still_counts(log: Log) -> None:
    await log.write(20)
    await log.chain()
    file = key_file(log.settings.data_dir, {})
    assert file.stat().st_mode & 0o777 == 0o600
    file.rename(file.with_name("old.key"))
    rotated = log._replace(key=signing_key(file))
    await rotated.write(20)
    await rotated.chain()
    assert (await log.verify(log.key.public, rotated.key.public)).ok
    report = await log.verify()
    assert report.ok and report.keys == sorted([log.key.id, rotated.key.id])
    report = await log.verify(rotated.key.public)
    assert report.first_bad is not None and log.key.id in report.first_bad.reason
