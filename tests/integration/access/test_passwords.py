"""Passwords: set, needed, guessed only so often; an e-mail nobody has looks like any other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from annotary.identity import rules_passwords
from annotary.identity.service_passwords import Scrypting
from annotary.infra.settings import Settings
from annotary.kernel.errors import Unavailable
from annotary.kernel.limits import (
    PASSWORDS_WAITING_MAX,
    SIGN_IN_ATTEMPTS_ADDRESS_MAX,
    SIGN_IN_ATTEMPTS_BOTH_MAX,
    SIGN_IN_WINDOW_SECONDS,
)
from annotary.services.worker_child import forget_attempts
from integration.access.browser import Browser, with_password
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = "a long walk by the sea"


async def test_a_password_signs_in_and_is_kept_nowhere(people: People, settings: Settings) -> None:
    email, _ = await with_password(people, "walker", "annotator", SECRET)
    page = Browser(people)
    me = await page.sign_in(email=f"  {email.upper()} ", password=SECRET)
    assert me["has_password"] and me["member"]["email"] == email
    tables = await rows(settings, "SELECT tablename FROM pg_tables WHERE schemaname = 'platform'")
    for row in tables:
        for kept in await rows(settings, f"SELECT t::text FROM {row['tablename']} t"):
            assert SECRET not in kept[0] and SECRET.encode().hex() not in kept[0]


async def test_a_wrong_password_and_an_unknown_email_are_the_same_answer_after_the_same_work(
    people: People,
) -> None:
    email, _ = await with_password(people, "timed", "annotator", SECRET)
    page = Browser(people, "192.0.2.50")
    told = []
    for who in (email, "nobody@example.org"):
        people.app.state.scrypting = counted = _Counted()
        body = {"email": who, "password": "wrong " + SECRET}
        problem = await page.ask("POST", "/v1/session", body, expect=401)
        told.append((counted.costs, {**problem, "request_id": ""}))
    people.app.state.scrypting = Scrypting()
    assert told[0] == told[1]
    assert told[0][0] == [rules_passwords.COST] and told[0][1]["code"] == "wrong_password"


class _Counted(Scrypting):
    """Notes what it was asked to do: that is what takes the time."""

    def __init__(self) -> None:
        super().__init__()
        self.costs: list[rules_passwords.Cost] = []

    async def matches(self, password: str, kept: rules_passwords.Kept) -> bool:
        self.costs.append(kept.cost)
        return await super().matches(password, kept)


async def test_setting_a_password_needs_the_present_one_but_for_who_came_with_a_token(people: People) -> None:
    email, _ = await with_password(people, "changer", "annotator", SECRET)
    page, other = Browser(people), Browser(people)
    for browser in (page, other):
        await browser.sign_in(email=email, password=SECRET)
    new = {"password": "an even longer walk"}
    for body in (new, {**new, "current": "a wrong guess at it"}):
        problem = await page.ask("PUT", "/v1/me/password", body, expect=401)
        assert (problem["code"], problem["path"]) == ("wrong_password", "/current")
    await page.ask("PUT", "/v1/me/password", {**new, "current": SECRET}, expect=204)
    assert await page.is_in() and not await other.is_in()
    await other.sign_in(email=email, password=SECRET, expect=401)
    await other.sign_in(email=email, **new)
    # The way back in: whoever holds a token of the member needs to remember nothing.
    by_token = Browser(people)
    await by_token.sign_in(token=people.tokens["changer"])
    await by_token.ask("PUT", "/v1/me/password", {"password": SECRET}, expect=204)
    assert await by_token.is_in() and not await page.is_in()
    await people.ask("changer", "PUT", "/v1/me/password", new, expect=204)
    assert not await by_token.is_in()


async def test_a_password_needs_an_email_and_an_email_is_one_members(people: People) -> None:
    await people.hire("nameless", "annotator")
    await with_password(people, "first", "annotator", SECRET)
    body = {"password": SECRET}
    assert (await people.ask("nameless", "PUT", "/v1/me/password", body, expect=409))["code"] == "no_email"
    problem = await people.ask("nameless", "PATCH", "/v1/me", {"email": "FIRST@example.org"}, expect=409)
    assert problem["path"] == "/email" and "existing" not in problem
    await people.ask("nameless", "PATCH", "/v1/me", {"email": "nonsense"}, expect=422)
    me = await people.ask(
        "nameless", "PATCH", "/v1/me", {"name": "Named", "email": "n@example.org"}, expect=200
    )
    assert (me["name"], me["email"], me["role"]) == ("Named", "n@example.org", "annotator")


@pytest.mark.parametrize(
    "password", ["short", "x" * 1001, "aaaaaaaaaaaaaaa", "Password123", "weak@example.org1"]
)
async def test_weak_passwords_are_refused_with_their_path(people: People, password: str) -> None:
    if "weak" not in people.tokens:
        await with_password(people, "weak", "annotator", SECRET)
    problem = await people.ask("weak", "PUT", "/v1/me/password", {"password": password}, expect=422)
    assert problem["path"] == "/password" and password not in problem["detail"]


async def test_guessing_is_slowed_and_shuts_the_member_out_nowhere_else(
    people: People, settings: Settings
) -> None:
    email, _ = await with_password(people, "target", "annotator", SECRET)
    guesser = Browser(people, "198.51.100.7")
    guesses = [
        guesser.ask("POST", "/v1/session", {"email": email, "password": f"guess number {n}"})
        for n in range(SIGN_IN_ATTEMPTS_BOTH_MAX * 2)
    ]
    codes = [response.status_code for response in await asyncio.gather(*guesses)]
    # Counted before they are tried: many at once are no way around.
    assert sorted(codes) == [401] * SIGN_IN_ATTEMPTS_BOTH_MAX + [429] * SIGN_IN_ATTEMPTS_BOTH_MAX
    refused = await guesser.ask("POST", "/v1/session", {"email": email, "password": SECRET})
    assert refused.status_code == 429 and refused.json()["code"] == "too_many_attempts"
    step_seconds = SIGN_IN_WINDOW_SECONDS / SIGN_IN_ATTEMPTS_BOTH_MAX
    assert 1 <= int(refused.headers["retry-after"]) <= step_seconds
    # It is in the tables, hence survives a restart; a keyed hash, hence tells nobody what was tried.
    kept = " ".join(row[0] for row in await rows(settings, "SELECT t::text FROM sign_in_attempts t"))
    assert kept and "target" not in kept
    # The member elsewhere gets in, as does the guesser's neighbour, and later the guesser's address too.
    await Browser(people, "203.0.113.1").sign_in(email=email, password=SECRET)
    other, _ = await with_password(people, "neighbour", "annotator", SECRET)
    await Browser(people, "198.51.100.7").sign_in(email=other, password=SECRET)
    try:
        await rows(settings, "INSERT INTO clock_steps (step) VALUES ($1)", timedelta(seconds=step_seconds))
        await guesser.sign_in(email=email, password=SECRET)
    finally:
        await rows(settings, "DELETE FROM clock_steps")


async def test_one_address_tries_only_so_many_emails(people: People, settings: Settings) -> None:
    email, _ = await with_password(people, "spray", "annotator", SECRET)
    before = await rows(settings, "SELECT count(*) FROM sign_in_attempts")
    # Neighbours in one IPv6 network are one address.
    pages = [Browser(people, f"2001:db8::{n + 1:x}") for n in range(SIGN_IN_ATTEMPTS_ADDRESS_MAX + 1)]
    codes = []
    for number, page in enumerate(pages):
        people.app.state.scrypting = _Instant()
        body = {"email": f"person{number}@example.org", "password": "Summer2026!"}
        codes.append((await page.ask("POST", "/v1/session", body)).status_code)
    people.app.state.scrypting = Scrypting()
    assert codes == [401] * SIGN_IN_ATTEMPTS_ADDRESS_MAX + [429]
    await Browser(people, "2001:db8:0:1::1").sign_in(email=email, password=SECRET)
    try:
        await rows(settings, "INSERT INTO clock_steps (step) VALUES ('1 day')")
        await forget_attempts(people.app.state.database)
        assert (await rows(settings, "SELECT count(*) FROM sign_in_attempts"))[0][0] == 0 < before[0][0]
    finally:
        await rows(settings, "DELETE FROM clock_steps")


class _Instant(Scrypting):
    """Compares at once: what is counted here is attempts, not seconds."""

    async def matches(self, password: str, kept: rules_passwords.Kept) -> bool:
        return False


async def test_who_signs_in_rightly_is_never_slowed(people: People) -> None:
    email, _ = await with_password(people, "busy", "annotator", SECRET)
    page = Browser(people, "192.0.2.77")
    for _ in range(SIGN_IN_ATTEMPTS_BOTH_MAX + 2):
        await page.sign_in(email=email, password=SECRET)


async def test_too_many_who_sign_in_at_once_are_told_to_come_again(people: People) -> None:
    scrypting = Scrypting()
    kept = rules_passwords.NOBODYS._replace(cost=rules_passwords.Cost(2, 1, 1))
    tries = [scrypting.matches("x", kept) for _ in range(PASSWORDS_WAITING_MAX + 5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 5
    # Nobody stays counted.
    assert await scrypting.matches("x", kept) is False


async def test_a_removed_member_has_no_password(people: People, settings: Settings) -> None:
    email, member = await with_password(people, "former", "annotator", SECRET)
    await people.ask("owner", "DELETE", f"/v1/members/{member}", expect=200)
    await Browser(people).sign_in(email=email, password=SECRET, expect=401)
    # The address is free for another, who has nothing of the first.
    await people.ask(
        "owner", "POST", "/v1/members", {"name": "x", "role": "annotator", "email": email}, expect=201
    )
    await Browser(people).sign_in(email=email, password=SECRET, expect=401)
