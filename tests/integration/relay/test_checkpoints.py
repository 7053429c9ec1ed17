"""What brokers acknowledged: how far back a loss leads, and how little is kept of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from annotary.eventlog.relay import store
from annotary.eventlog.relay.errors import Overtaken
from annotary.eventlog.relay.values import Progress
from annotary.eventlog.values import Position
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.kernel.limits import RELAY_CHECKPOINTS_DENSE
from annotary.services.backup import QUERIES
from integration.relay.conftest import LOG, write

Connect = Callable[..., Awaitable[Database]]
TOPIC = "annotary.text"


async def advanced(database: Database, *reached: tuple[int, ...]) -> Progress:
    """Move on by one position for each of the offsets."""
    progress = await store.begin(database, TOPIC)
    for number, offsets in enumerate(reached, 1):
        after = Progress(Position(10 + number, number), offsets)
        await store.advance(database, TOPIC, progress, after, [])
        progress = after
    return progress


async def test_a_loss_leads_back_to_the_last_checkpoint_that_all_partitions_still_have(
    database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    latest = await advanced(database, (5, 0), (5, 7), (9, 7), (9, 7, 2))
    back = await store.go_back(database, TOPIC, latest, (8, 9, 0))
    assert back == Progress(Position(12, 2), (5, 7))
    assert await store.begin(database, TOPIC) == back, "what was lost is not believed any more"
    with pytest.raises(Overtaken):
        await store.advance(database, TOPIC, latest, latest, [])
    back = await store.go_back(database, TOPIC, back, ())
    assert back == Progress() == await store.begin(database, TOPIC), "all lost: from the log's beginning"


async def test_a_topic_that_is_new_begins_with_the_log(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    await advanced(database, (3,), (4,))
    assert await store.begin(database, "elsewhere.text") == Progress()


async def test_the_older_the_checkpoints_the_sparser(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    runs = 40 * RELAY_CHECKPOINTS_DENSE
    await database.execute(
        "INSERT INTO relay_checkpoints (topic, next_offsets, transaction_id, sequence)"
        " SELECT $1, ARRAY[n], '1', n FROM generate_series(1, $2::bigint - 1) AS n",
        *(TOPIC, runs),
    )
    await store.advance(
        database, TOPIC, await store.begin(database, TOPIC), Progress(Position(2, 0), (runs,)), []
    )
    rows = await database.fetch("SELECT number FROM relay_checkpoints ORDER BY number DESC")
    numbers = [row["number"] for row in rows]
    assert numbers[:RELAY_CHECKPOINTS_DENSE] == list(range(runs, runs - RELAY_CHECKPOINTS_DENSE, -1))
    assert len(numbers) < 6 * RELAY_CHECKPOINTS_DENSE
    for newer, older in pairwise(numbers):
        age = runs - newer
        assert newer - older <= max(1, 4 * age / RELAY_CHECKPOINTS_DENSE), (
            "going back costs little more than it must"
        )


async def test_after_a_restore_no_id_is_given_again_and_a_loss_leads_to_the_beginning(
    database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    latest = await advanced(database, (3,), (4,))
    await write(database, [new_id()], 5)
    await database.execute(QUERIES.leave_used_ids)
    await database.execute(QUERIES.rebase_checkpoints, "900")
    await write(database, [new_id()], 1)
    before, after = [row["sequence"] for row in await database.fetch(LOG)][-2:]
    assert after - before > 2**31, "thousands of millions may have been given since the backup"
    assert await store.begin(database, TOPIC) == latest, "what is there is still known"
    assert (await store.go_back(database, TOPIC, latest, (3,))).position == Position(900, 0)
