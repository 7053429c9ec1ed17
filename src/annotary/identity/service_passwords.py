"""Passwords: set, verified off the event loop, and only so often."""

from __future__ import annotations

import asyncio
import secrets
from typing import NamedTuple
from uuid import UUID

from annotary.identity import rules_passwords, service_sessions
from annotary.identity.errors import MemberRemoved, NoEmail, TooManyAttempts, WrongPassword
from annotary.identity.rules_passwords import Attempts, Cost, Kept
from annotary.identity.service_sessions import Begun, Browser
from annotary.identity.store import PASSWORDS, QUERIES
from annotary.identity.values import Caller
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits
from annotary.kernel.errors import Unavailable


class Scrypting:
    """The threads in which passwords are hashed: a few at once, so that signing in never takes every core."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(limits.PASSWORDS_AT_ONCE_MAX)
        self._waiting = 0

    async def keep(self, password: str) -> Kept:
        """Return what is kept of a new password."""
        salt = secrets.token_bytes(rules_passwords.SALT_BYTES)
        cost = rules_passwords.COST
        return Kept(salt, await self._digest(password, salt, cost), cost)

    async def matches(self, password: str, kept: Kept) -> bool:
        """Say whether this is the password."""
        return secrets.compare_digest(await self._digest(password, kept.salt, kept.cost), kept.hash)

    async def _digest(self, password: str, salt: bytes, cost: Cost) -> bytes:
        if self._waiting >= limits.PASSWORDS_WAITING_MAX:
            raise Unavailable("Too many people sign in at this moment: try again.", retry_after_seconds=5.0)
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(rules_passwords.digest, password, salt, cost)
        finally:
            self._waiting -= 1


class Attempt(NamedTuple):
    """Somebody who tries a password: with what, and from where."""

    email: str
    password: str
    address: str


async def sign_in(database: Database, scrypting: Scrypting, browser: Browser, attempt: Attempt) -> Begun:
    """Begin a session for whoever knows an e-mail's password.

    Raises WrongPassword, also for an e-mail that nobody has and after the same time, or TooManyAttempts.
    """
    counted = rules_passwords.attempts_of(browser.signing_key, attempt.email, attempt.address)
    await count(database, counted)
    email = attempt.email.strip()
    found = await database.fetch(PASSWORDS.passwords_of_email, email, limits.SIGN_IN_ORGANISATIONS_MAX)
    matched: Row | None = None
    for row in found:
        if matched is None and await scrypting.matches(attempt.password, _kept(row)):
            matched = row
    if not found:
        await scrypting.matches(attempt.password, rules_passwords.NOBODYS)
    if matched is None:
        raise WrongPassword
    async with database.transaction() as uow:
        if await uow.fetchrow(PASSWORDS.hold_unchanged, matched["member_id"], matched["hash"]) is None:
            raise WrongPassword
        await give_back(uow, counted)
        return await service_sessions.begin(uow, browser, matched["organisation_id"], matched["member_id"])


async def set_own(
    database: Database, scrypting: Scrypting, caller: Caller, shown: Row | None, password: str
) -> None:
    """Set the caller's password, and end the caller's other sessions than the one `shown`."""
    async with database.connection() as uow:
        member = await one(uow, QUERIES.member, caller.organisation_id, caller.member_id)
    if member["email"] is None:
        raise NoEmail
    rules_passwords.check_password(password, *rules_passwords.own_words(member["email"], member["name"]))
    kept = await scrypting.keep(password)
    async with database.transaction() as uow:
        held = await one(uow, QUERIES.hold_member, caller.organisation_id, caller.member_id)
        if held["state"] == "removed":
            raise MemberRemoved
        await put(uow, caller.organisation_id, caller.member_id, kept)
        kept_id = shown["id"] if shown is not None and shown["kind"] == "session" else None
        await service_sessions.end_sessions(uow, caller.member_id, caller.member_id, kept_id)


async def check_current(
    database: Database, scrypting: Scrypting, counted: list[Attempts], member_id: UUID, current: str | None
) -> None:
    """Raise WrongPassword unless this is the member's password; a member without one has nothing to show."""
    async with database.transaction() as uow:
        row = await uow.fetchrow(PASSWORDS.password_of, member_id)
    if row is None:
        return
    if current is None:
        raise WrongPassword("The present password is needed.", path="/current")
    await count(database, counted)
    if not await scrypting.matches(current, _kept(row)):
        raise WrongPassword("This is not the present password.", path="/current")
    async with database.transaction() as uow:
        await give_back(uow, counted)


async def put(uow: UnitOfWork, organisation_id: UUID, member_id: UUID, kept: Kept) -> None:
    """Write a member's password; the member's row is locked by then, or new."""
    await uow.execute(PASSWORDS.put_password, member_id, organisation_id, kept.salt, kept.hash, *kept.cost)


async def count(database: Database, counted: list[Attempts]) -> None:
    """Count an attempt for each key, or for none and raise TooManyAttempts, which says when to come again."""
    async with database.transaction() as uow:
        # In one order, so that two attempts never wait for each other.
        for attempts in sorted(counted):
            if await uow.fetchval(PASSWORDS.take_attempt, *attempts) is None:
                seconds = await uow.fetchval(PASSWORDS.attempt_wait, *attempts)
                raise TooManyAttempts(retry_after_seconds=max(1.0, float(seconds)))


async def give_back(uow: UnitOfWork, counted: list[Attempts]) -> None:
    """Forget an attempt that succeeded."""
    for attempts in sorted(counted):
        await uow.execute(PASSWORDS.give_attempt_back, attempts.key, attempts.seconds)


async def forget_attempts(database: Database) -> None:
    """Delete attempts that were forgiven."""
    await database.execute(PASSWORDS.forget_attempts, limits.SWEEP_ROWS_MAX)


def _kept(row: Row) -> Kept:
    return Kept(row["salt"], row["hash"], Cost(row["cost"], row["block_size"], row["parallelism"]))
