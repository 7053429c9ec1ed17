"""Whose token it is, looked up once: expiry by the database's clock, changes, and copies that lag behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from annotary.identity.rules import new_token, token_hash
from annotary.identity.service import AccessCache
from annotary.identity.values import Role
from annotary.infra.postgres import Database
from annotary.kernel.errors import Unauthenticated
from annotary.kernel.ids import new_id

Connect = Callable[..., Awaitable[Database]]
ORGANISATION, MEMBER, PROJECT = new_id(), new_id(), new_id()


class Steps:
    """A monotonic clock that is stepped by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


async def _hire(database: Database, token: str | None, expires_in: float | None = None) -> UUID:
    await database.execute(
        "INSERT INTO organisations (id, name) VALUES ($1, 'o') ON CONFLICT DO NOTHING", ORGANISATION
    )
    await database.execute(
        "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', 'annotator')"
        " ON CONFLICT DO NOTHING",
        MEMBER,
        ORGANISATION,
    )
    token_id = new_id()
    if token is not None:
        expires = timedelta(seconds=expires_in) if expires_in is not None else None
        await database.execute(
            "INSERT INTO tokens (id, organisation_id, member_id, name, hash, expires_at)"
            " VALUES ($1, $2, $3, 't', $4, clock_now() + $5::interval)",
            token_id,
            ORGANISATION,
            MEMBER,
            token_hash(token.encode()),
            expires,
        )
    return token_id


async def test_a_hit_asks_no_database_and_costs_microseconds(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    token = new_token()
    await _hire(database, token)
    cache = AccessCache(database, copies=True)
    first = await cache.caller(token)
    assert (first.member_id, first.role, dict(first.projects)) == (MEMBER, Role.ANNOTATOR, {})
    await database.close()
    started = time.perf_counter()
    for _ in range(10_000):
        assert await cache.caller(token) is first
    assert (time.perf_counter() - started) / 10_000 < 20e-6


async def test_what_changed_counts_after_clear_and_after_a_minute(
    database_url: str, connect: Connect
) -> None:
    database, clock, token = await connect(database_url, "text"), Steps(), new_token()
    token_id = await _hire(database, token)
    cache = AccessCache(database, copies=False, monotonic=clock)
    await cache.caller(token)
    await database.execute(
        "INSERT INTO project_members VALUES ($1, $2, $3, 'reviewer')", PROJECT, MEMBER, ORGANISATION
    )
    assert not (await cache.caller(token)).projects
    cache.clear()
    assert (await cache.caller(token)).projects == {PROJECT: Role.REVIEWER}
    await database.execute("UPDATE tokens SET revoked_at = clock_now() WHERE id = $1", token_id)
    clock.seconds += 59.0
    await cache.caller(token)
    clock.seconds += 2.0
    with pytest.raises(Unauthenticated):
        await cache.caller(token)


async def test_a_token_ends_when_it_expires_also_in_the_cache(database_url: str, connect: Connect) -> None:
    database, clock, token = await connect(database_url, "text"), Steps(), new_token()
    await _hire(database, token, expires_in=30.0)
    cache = AccessCache(database, copies=False, monotonic=clock)
    await cache.caller(token)
    await database.execute("INSERT INTO clock_steps (step) VALUES ('31 seconds')")
    clock.seconds += 28.0
    await cache.caller(token)
    clock.seconds += 3.0
    with pytest.raises(Unauthenticated, match="expired"):
        await cache.caller(token)


async def test_a_lookup_begun_before_a_change_is_not_kept_after_it(
    database_url: str, connect: Connect
) -> None:
    database, token = await connect(database_url, "text"), new_token()
    await _hire(database, token)
    cache = AccessCache(database, copies=False)
    # The lookup waits for the table while the change is told of.
    async with database.transaction() as uow:
        await uow.execute("LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE")
        asked = asyncio.create_task(cache.caller(token))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await uow.fetchval(waiting):
            await asyncio.sleep(0)
        cache.clear()
    assert (await asked).member_id == MEMBER
    await database.execute("UPDATE tokens SET revoked_at = clock_now()")
    with pytest.raises(Unauthenticated):
        await cache.caller(token)


async def test_a_copy_on_its_way_is_waited_for(database_url: str, connect: Connect) -> None:
    database, token = await connect(database_url, "text"), new_token()
    await _hire(database, None)
    cache = AccessCache(database, copies=True)
    asked = asyncio.create_task(cache.caller(token))
    while not cache._waiting:
        await asyncio.sleep(0)
    cache.clear()
    await _hire(database, token)
    cache.clear()
    assert (await asked).member_id == MEMBER


async def test_an_unknown_token_is_refused_at_once_here_and_after_a_second_where_copies_are_kept(
    database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    for copies, least, most in ((False, 0.0, 0.5), (True, 0.9, 3.0)):
        cache = AccessCache(database, copies=copies)
        started = time.monotonic()
        with pytest.raises(Unauthenticated):
            await cache.caller(new_token())
        assert least <= time.monotonic() - started < most


@pytest.mark.parametrize("token", ["", "ann_", "Bearer", "ann_" + "x" * 42, "ann_" + "é" * 43, "x" * 10_000])
async def test_what_is_no_token_never_reaches_the_database(
    database_url: str, connect: Connect, token: str
) -> None:
    database = await connect(database_url, "text")
    await database.close()
    with pytest.raises(Unauthenticated):
        await AccessCache(database, copies=True).caller(token)
