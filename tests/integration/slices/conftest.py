"""Projects of random texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.infra.postgres import Database
from integration.slices.stock import Stock

Make = Callable[[str], Awaitable[Any]]
TASKS = 120


@pytest.fixture
def open_stock(
    make_seed: Make, database_url: str, connect: Callable[..., Awaitable[Database]]
) -> Callable[[int], Awaitable[Stock]]:
    """`await open_stock(7)` is a project of texts with answers, outcomes and issues, drawn from a seed."""

    async def open_one(seed_number: int) -> Stock:
        seed = await make_seed("text")
        stock = Stock(seed, await connect(database_url, "platform"), await seed.project(), seed_number)
        await stock.fill(TASKS)
        await stock.follow()
        return stock

    return open_one
