"""A batch is given out as it came in or shuffled, and its tasks keep to that whatever happens to it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.catalog.job_runs import BatchTerms, ReleaseRequest
from annotary.dispatch import service_batches
from annotary.dispatch.jobs import release_batch
from annotary.dispatch.release_rows import place_in_batch
from annotary.dispatch.values import BatchChange
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Row
from annotary.kernel.ids import new_id

from .conftest import CLASSES, Site, rows

MakeSite = Callable[..., Awaitable[Site]]
COUNT = 300
LATEST_SECONDS = 2**24 / 10**6


async def given_out(site: Site) -> list[str]:
    """Return the tasks' business keys in the order in which they are given out."""
    found = await site.database.fetch(
        "SELECT unique_id FROM tasks t JOIN task_items i ON i.task_id = t.id ORDER BY t.order_key, t.id"
    )
    return [row["unique_id"] for row in found]


async def the_batch(site: Site) -> Row:
    row = await site.database.fetchrow("SELECT * FROM batches")
    assert row is not None
    return row


async def change(site: Site, **changed: Any) -> None:
    """Change the batch as a manager does, and let its tasks follow."""
    caller = Caller(new_id(), site.organisation, Role.OWNER, "m", {})
    batch = (await the_batch(site))["id"]
    async with site.database.transaction() as uow:
        await service_batches.change_batch(uow, caller, batch, BatchChange(**changed), None)
    await service_batches.follow_batch(site.database, batch, False)


FILE = rows(*({"unique_id": f"row-{number:03}", "text": "a"} for number in range(COUNT)))
IN_SEQUENCE = [f"row-{number:03}" for number in range(COUNT)]


@pytest.mark.parametrize(
    ("quality", "asked", "shuffled"),
    [
        ("{}", None, False),
        ('{"gold": {"rate": 0.1}}', None, True),
        ('{"gold": {"first": 3}}', None, True),
        ('{"gold": {"rate": 0.1}}', "imported", False),
        ("{}", "shuffled", True),
    ],
)
async def test_tasks_are_shuffled_where_gold_is_mixed_in_or_as_it_is_asked(
    make_site: MakeSite, quality: str, asked: str | None, shuffled: bool
) -> None:
    site = await make_site("text", CLASSES)
    await site.platform.execute("UPDATE projects SET quality = $1", quality)
    await site.imported(FILE, batch=BatchTerms(order=asked))
    order = await given_out(site)
    assert sorted(order) == IN_SEQUENCE
    assert (order != IN_SEQUENCE) == shuffled
    ascending = sum(one < another for one, another in itertools.pairwise(order))
    assert ascending == COUNT - 1 or 0.35 * COUNT < ascending < 0.65 * COUNT, "half shuffled"


async def test_a_batch_keeps_its_order_and_can_be_given_another(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    await site.imported(FILE, batch=BatchTerms(order="shuffled"))
    order, batch = await given_out(site), await the_batch(site)
    for task in await site.tasks():
        place = task["order_key"] - batch["order_key"]
        assert round(place.total_seconds() * 10**6) == place_in_batch(batch["shuffle_seed"], task["id"].bytes)
        assert 0 <= place.total_seconds() < LATEST_SECONDS
    await change(site, priority="urgent")
    assert await given_out(site) == order, "a new place in the queue is not another order"
    moved = (await the_batch(site))["order_key"]
    assert moved < batch["order_key"]
    assert all(0 <= (t["order_key"] - moved).total_seconds() < LATEST_SECONDS for t in await site.tasks())
    await change(site, order="imported")
    assert await given_out(site) == IN_SEQUENCE
    await change(site, order="shuffled")
    again = await given_out(site)
    assert again not in (IN_SEQUENCE, order), "the secret is the same as the one before"
    await change(site, order="shuffled")
    assert await given_out(site) == again, "to ask for what is there changes nothing"


async def test_a_release_that_begins_again_puts_tasks_where_they_were_going(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    job = await site.enqueue(FILE, batch=BatchTerms(order="shuffled"))
    await site.run(job)
    order = await given_out(site)
    await site.database.execute("DELETE FROM tasks")
    await site.database.execute("DELETE FROM task_items")
    await site.database.execute("DELETE FROM released_chunks")
    await site.platform.execute(
        "UPDATE jobs SET state = 'waiting', checkpoint = NULL, ended_at = NULL, result = NULL WHERE id = $1",
        job,
    )
    await site.run(job)
    assert await given_out(site) == order


async def test_items_that_are_there_already_are_released_in_the_order_of_their_batch(
    make_site: MakeSite,
) -> None:
    site = await make_site("text", CLASSES)
    await site.imported(FILE, batch=None)
    seed, batch = bytes(range(16)), await site.add_batch()
    await site.database.execute("UPDATE batches SET shuffle_seed = $1", seed)
    row = await site.run(
        await site.ask("release", ReleaseRequest(batch_id=batch, dataset_id=site.dataset)), release_batch
    )
    assert row["state"] == "succeeded", row["error"]
    tasks = await site.tasks()
    places = {task["unique_id"]: place_in_batch(seed, task["id"].bytes) for task in tasks}
    assert await given_out(site) == sorted(IN_SEQUENCE, key=places.__getitem__)
