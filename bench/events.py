"""The event log: its chain, verified and relayed; what it costs the label loop; how soon a trainer knows."""

from __future__ import annotations

import asyncio
import resource
import time
from pathlib import Path
from statistics import median

import asyncpg
from blake3 import blake3

from annotary.audit.service import verify_installation
from annotary.eventlog.chain.jobs import finish
from annotary.eventlog.chain.service import APPENDER, append_once
from annotary.eventlog.chain.service_keys import key_file, signing_key
from annotary.infra import queries
from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.ids import new_id
from annotary.services.schema import migrate_all
from bench.events_feed import SECONDS as FEED_SECONDS
from bench.events_feed import SECONDS_QUICK as FEED_SECONDS_QUICK
from bench.events_feed import measure_feed
from bench.events_relay import relayed
from bench.label_loop import LabelLoop
from bench.labels import fresh_project
from bench.report import Report, say
from bench.stand import Stand, folder, installation
from bench.texts import BAD, GOOD

QUERIES = queries.load(__package__, "events.sql")
EVENTS, EVENTS_QUICK = 1_000_000, 20_000
EVENTS_PER_TRANSACTION = 500
MEBIBYTE = 2**20
# What this log's own work in the worker is called; others follow the log to do theirs.
FOLLOWERS = [APPENDER, "hops"]
PEOPLE = 32
PIECES, PIECE_SECONDS = 6, 5.0
PIECES_QUICK, PIECE_SECONDS_QUICK = 2, 1.0
RELAYED = 100_000
FAR = "4611686018427387904"


def run(quick: bool) -> Report:
    """Measure the chain over many events, then the label loop with followers and without, in turns."""
    events = EVENTS_QUICK if quick else EVENTS
    pieces, seconds = (PIECES_QUICK, PIECE_SECONDS_QUICK) if quick else (PIECES, PIECE_SECONDS)
    sizes = {"events": events, "people": PEOPLE, "pieces": pieces, "piece_seconds": seconds}
    report = Report(name="events", command="python -m bench events", sizes=sizes)
    with folder() as data_dir, EmbeddedPostgres(data_dir).running() as url:
        asyncio.run(_chain(report, data_dir, url, events))
    with installation() as stand:
        _loop(report, stand, pieces, seconds)
        measure_feed(report, stand, FEED_SECONDS_QUICK if quick else FEED_SECONDS)
    return report


async def _chain(report: Report, data_dir: Path, url: str, events: int) -> None:
    settings = Settings(data_dir=data_dir, database_urls=dict.fromkeys(SERVICES, url))
    await migrate_all(settings)
    text = await Database.connect(url, "text", connections_max=2)
    platform = await Database.connect(url, "platform", connections_max=2)
    try:
        await _fill(text, events)
        said = f"{events} events written, chained"
        began = time.perf_counter()
        moved = 0
        while count := await append_once(text):
            moved += count
        seconds = time.perf_counter() - began
        assert moved == events
        report.add("appender", events / seconds, "events/s", goal=20_000)
        began = time.perf_counter()
        objects, key = open_objects(settings), signing_key(key_file(data_dir, {}))
        await finish(text, platform, objects, key)
        await finish(platform, platform, objects, key)
        report.add("sealed, signed and published in", time.perf_counter() - began, "s")
        say(f"{said} in {seconds:.1f} s")
        await relayed(report, text, data_dir / "kafka", min(events, RELAYED))
    finally:
        await text.close()
        await platform.close()
    found = await verify_installation(settings)
    assert found.ok and found.events == found.sealed_through == events, found
    name = f"verify {events} events and {found.rows} rows"
    report.add(name, found.seconds, "s", goal=10, bound="at most")
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    report.add("memory of this process at its peak", peak_bytes / MEBIBYTE, "MiB RSS")


async def _fill(text: Database, events: int) -> None:
    hashes = [blake3(answer).digest() for answer in (GOOD, BAD)]
    answers, organisation = [GOOD.decode(), BAD.decode()], new_id()
    for _ in range(0, events, EVENTS_PER_TRANSACTION):
        await text.execute(QUERIES.add_answers, EVENTS_PER_TRANSACTION, organisation, answers, hashes)
    await text.execute(QUERIES.tidy)


def _loop(report: Report, stand: Stand, pieces: int, seconds: float) -> None:
    """Let people label in pieces, every other one with the followers set aside."""
    tasks = int(pieces * 2 * seconds * 2_500) + 5_000
    project, tokens = fresh_project(stand, tasks, PEOPLE)
    loop = LabelLoop(stand.address, tokens, "text", project, (GOOD, BAD), claim_next=False)
    speeds: dict[bool, list[float]] = {True: [], False: []}
    loop.run(seconds / 2, tasks // 10)
    for number in range(pieces * 2):
        # In the order with, without, without, with, so that what changes with time counts for both.
        follow = number % 4 in (0, 3)
        asyncio.run(_set_followers(stand.database_url, follow))
        speeds[follow].append(loop.run(seconds, tasks // (pieces * 2)).labels_per_second)
        say(f"{'with' if follow else 'without'} followers: {speeds[follow][-1]:.0f} labels/s")
    loop.close()
    with_them, without = median(speeds[True]), median(speeds[False])
    report.add("label loop, with followers of the log", with_them, "labels/s")
    report.add("label loop, without", without, "labels/s")
    report.add("what the followers take of it", 1 - with_them / without, "", goal=0.1, bound="at most")
    report.details["labels_per_second"] = {"with": speeds[True], "without": speeds[False]}


async def _set_followers(url: str, follow: bool) -> None:
    """Put the followers of the text service at the end of its log, or so far away that nothing is ahead."""
    connection = await asyncpg.connect(url, server_settings={"search_path": "text"})
    try:
        end = await connection.fetchval(QUERIES.next_transaction) if follow else FAR
        await connection.execute(QUERIES.set_aside, FOLLOWERS, end)
    finally:
        await connection.close()
