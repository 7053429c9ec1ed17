"""A session that is on its way to a copy is waited for; one that was made up costs nobody anything."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.identity.rules_sessions import is_session, new_session, session_hash
from annotary.identity.service import AccessCache
from annotary.infra.postgres import Database
from annotary.kernel import limits
from annotary.kernel.errors import Unauthenticated
from annotary.kernel.ids import new_id

Connect = Callable[..., Awaitable[Database]]
KEY = b"k" * 32


async def _begin(database: Database, secret: bytes) -> Any:
    organisation, member = new_id(), new_id()
    await database.execute("INSERT INTO organisations (id, name) VALUES ($1, 'o')", organisation)
    await database.execute(
        "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', 'annotator')",
        *(member, organisation),
    )
    await database.execute(
        "INSERT INTO tokens (id, organisation_id, member_id, kind, name, hash, expires_at, ends_at)"
        " VALUES ($1, $2, $3, 'session', 's', $4, now() + interval '1 day', now() + interval '2 days')",
        *(new_id(), organisation, member, session_hash(secret)),
    )
    return member


async def test_a_session_on_its_way_is_waited_for_amid_a_flood_of_made_up_ones(
    database_url: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However busy the machine is: whoever waits does so for long enough to be told from who does not.
    monkeypatch.setattr(limits, "COPY_WAIT_SECONDS_MAX", 60.0)
    database, secret = await connect(database_url, "text"), new_session(KEY).encode()
    cache = AccessCache(database, True, KEY)
    asked = asyncio.create_task(cache.caller_in_session(secret))
    while not cache._waiting:
        await asyncio.sleep(0)
    made_up = [
        cache.caller_in_session(new_session(b"x" * 32).encode()) for _ in range(limits.COPY_WAITERS_MAX * 4)
    ]
    started = time.monotonic()
    answers = await asyncio.gather(*made_up, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unauthenticated}
    assert time.monotonic() - started < 30.0 and cache._waiting == 1
    member = await _begin(database, secret)
    cache.clear()
    assert (await asked).member_id == member


async def test_what_was_made_up_never_reaches_the_database(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    await database.close()
    cache = AccessCache(database, True, KEY)
    good = new_session(KEY)
    sealed = bytearray(base64.urlsafe_b64decode(good[4:] + "="))
    forged = []
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        forged.append("ans_" + base64.urlsafe_b64encode(changed).decode().rstrip("="))
    for secret in (
        *forged,
        "",
        "ans_",
        good[:-1],
        good + "x",
        "ann_" + good[4:],
        "ans_" + "é" * 43,
        "x" * 10_000,
    ):
        assert not is_session(secret.encode(), KEY)
        with pytest.raises(Unauthenticated):
            await cache.caller_in_session(secret.encode())
    assert is_session(good.encode(), KEY) and not is_session(good.encode(), b"another key" * 3)
