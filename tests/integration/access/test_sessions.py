"""Sessions: begun, listed, ended; what a cookie may do, and what no other page can make it do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from annotary.identity.service import AccessCache
from annotary.infra.settings import Settings
from annotary.kernel.limits import SESSION_IDLE_SECONDS_MAX, SESSION_SECONDS_MAX, SESSIONS_PER_MEMBER_MAX
from integration.access.browser import Browser
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY_SECONDS = 24 * 3600


async def test_a_token_is_exchanged_for_a_cookie_that_no_script_reads(
    people: People, settings: Settings
) -> None:
    page = Browser(people)
    response = await page.ask("POST", "/v1/session", {"token": people.tokens["annotator"]})
    assert response.status_code == 201 and response.json()["member"]["name"] == "annotator"
    words = {part.strip().lower() for part in response.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "path=/", "samesite=strict"} <= words and "secure" not in words
    assert await page.is_in()
    assert page.cookie is not None
    for table in ("tokens", "events"):
        text = " ".join(row[0] for row in await rows(settings, f"SELECT t::text FROM {table} t"))
        assert page.cookie not in text
    # Behind TLS, ours or a proxy's, the cookie never travels without.
    behind = await page.ask(
        "POST", "/v1/session", {"token": people.tokens["annotator"]}, Origin="https://platform"
    )
    assert "secure" in behind.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": None}, True),
        ({"Origin": "HTTP://PLATFORM"}, True),
        ({"X_Annotary_Request": None}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://platform.evil.example"}, False),
        ({"Origin": "http://platform:8421"}, False),
        ({"Origin": "http://evil.example/platform"}, False),
        ({"Origin": "http://user@platform"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://[platform"}, False),
    ],
)
async def test_a_write_by_cookie_comes_from_our_own_page(
    people: People, headers: dict[str, str | None], allowed: bool
) -> None:
    page = Browser(people)
    await page.sign_in(token=people.tokens["annotator"])
    for method, path, body in (
        ("POST", "/v1/tokens", {"name": "t"}),
        ("PUT", "/v1/me/password", {"password": "short"}),
        ("PATCH", "/v1/me", {"name": "annotator"}),
        ("DELETE", "/v1/me/sessions/ses_00000000000000000000000000000000", None),
    ):
        response = await page.ask(method, path, body, **headers)
        refused = response.status_code == 403 and response.json()["code"] == "foreign_request"
        assert refused is not allowed, (method, response.text)
    # Reading changes nothing, and no foreign page sees the answer.
    assert (await page.ask("GET", "/v1/me", **headers)).status_code == 200


async def test_no_other_page_signs_a_browser_in_or_out(people: People) -> None:
    page = Browser(people)
    token = {"token": people.tokens["annotator"]}
    for headers in ({"X_Annotary_Request": None}, {"Origin": "http://evil.example"}):
        assert (await page.ask("POST", "/v1/session", token, **headers)).status_code == 403
    await page.ask("POST", "/v1/session", token, expect=201)
    for headers in ({"X_Annotary_Request": None}, {"Origin": "http://evil.example"}):
        assert (await page.ask("DELETE", "/v1/session", **headers)).status_code == 403
    assert await page.is_in()


async def test_a_bearer_token_beside_a_cookie_is_what_counts(people: People) -> None:
    page = Browser(people)
    await page.sign_in(token=people.tokens["annotator"])
    bearer = f"Bearer {people.tokens['manager']}"
    foreign = {"Origin": "http://evil.example", "X_Annotary_Request": None}
    # A program is no browser: it needs no mark, and the cookie says nothing beside the token.
    me = await page.ask("GET", "/v1/me", Authorization=bearer, expect=200)
    assert me["member"]["name"] == "manager"
    await page.ask("POST", "/v1/tokens", {"name": "t"}, expect=201, Authorization=bearer, **foreign)
    # A wrong token is not made good by a cookie.
    for wrong in ("Bearer nonsense", "Basic eDp5", "", "Bearer ann_" + "x" * 43):
        response = await page.ask("GET", "/v1/me", Authorization=wrong)
        assert response.status_code == 401


async def test_neither_kind_of_secret_does_in_the_others_place(people: People) -> None:
    page = Browser(people)
    await page.sign_in(token=people.tokens["annotator"])
    session = page.cookie
    page.cookie = None
    assert (await page.ask("GET", "/v1/me", Authorization=f"Bearer {session}")).status_code == 401
    assert (await page.ask("POST", "/v1/session", {"token": session})).status_code == 401
    page.cookie = people.tokens["annotator"]
    assert not await page.is_in()


async def test_signing_out_ends_the_session_and_twice_does_no_harm(people: People) -> None:
    page, thief = Browser(people), Browser(people)
    await page.sign_in(token=people.tokens["annotator"])
    thief.cookie = page.cookie
    assert await thief.is_in()
    await page.ask("DELETE", "/v1/session", expect=204)
    assert page.cookie is None and not await thief.is_in()
    await page.ask("DELETE", "/v1/session", expect=204)
    thief.cookie = "nonsense"
    await thief.ask("DELETE", "/v1/session", expect=204)


async def test_own_sessions_are_listed_and_ended_one_by_one(people: People) -> None:
    await people.hire("lister", "annotator")
    first, second, other = Browser(people), Browser(people), Browser(people)
    for page, agent in ((first, "X11; Linux) Firefox/131"), (second, "Windows NT) Chrome/1 Safari/1")):
        await page.ask("POST", "/v1/session", {"token": people.tokens["lister"]}, User_Agent=agent)
    await other.sign_in(token=people.tokens["annotator"])
    listed = (await first.ask("GET", "/v1/me/sessions", expect=200))["items"]
    assert [(one["name"], one["present"]) for one in listed] == [
        ("Chrome on Windows", False),
        ("Firefox on Linux", True),
    ]
    # Sessions are no tokens: they are not among them, and are not revoked as such.
    tokens = (await people.ask("lister", "GET", "/v1/tokens", expect=200))["items"]
    assert [token["name"] for token in tokens] == ["t"]
    assert (await other.ask("DELETE", f"/v1/me/sessions/{listed[0]['id']}")).status_code == 404
    await first.ask("DELETE", f"/v1/me/sessions/{listed[0]['id']}", expect=204)
    assert await first.is_in() and not await second.is_in()
    assert (await first.ask("DELETE", f"/v1/me/sessions/{listed[0]['id']}")).status_code == 404


async def test_a_session_ends_with_its_token_and_with_its_member(people: People) -> None:
    member = await people.hire("leaver", "annotator")
    made = await people.ask("leaver", "POST", "/v1/tokens", {"name": "short"}, expect=201)
    by_token, by_other = Browser(people), Browser(people)
    await by_token.sign_in(token=made["token"])
    await by_other.sign_in(token=people.tokens["leaver"])
    await people.ask("owner", "DELETE", f"/v1/tokens/{made['id']}", expect=200)
    assert not await by_token.is_in() and await by_other.is_in()
    await people.ask("owner", "DELETE", f"/v1/members/{member}", expect=200)
    assert not await by_other.is_in()
    await by_other.sign_in(token=people.tokens["leaver"], expect=401)


async def test_a_session_lasts_no_longer_than_its_token(people: People) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=DAY_SECONDS)
    body = {"name": "today", "expires_at": ends.isoformat()}
    made = await people.ask("annotator", "POST", "/v1/tokens", body, expect=201)
    page = Browser(people)
    await page.sign_in(token=made["token"])
    present = [
        one for one in (await page.ask("GET", "/v1/me/sessions", expect=200))["items"] if one["present"]
    ]
    assert datetime.fromisoformat(present[0]["expires_at"]) <= ends


async def test_the_oldest_of_too_many_sessions_ends(people: People) -> None:
    await people.hire("many", "annotator")
    pages = [Browser(people) for _ in range(SESSIONS_PER_MEMBER_MAX + 1)]
    for page in pages:
        await page.sign_in(token=people.tokens["many"])
    assert [await page.is_in() for page in pages] == [False] + [True] * SESSIONS_PER_MEMBER_MAX


async def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(
    people: People, settings: Settings
) -> None:
    used, unused = Browser(people), Browser(people)
    for page in (used, unused):
        await page.sign_in(token=people.tokens["reviewer"])
    cache: AccessCache = people.app.state.access
    step = "INSERT INTO clock_steps (step) VALUES ($1) ON CONFLICT (singleton) DO UPDATE SET step = $1"
    alive: list[tuple[bool, bool]] = []
    try:
        for seconds in range(20 * DAY_SECONDS, SESSION_SECONDS_MAX + 2 * DAY_SECONDS, 20 * DAY_SECONDS):
            await rows(settings, step, timedelta(seconds=seconds))
            cache.clear()
            late = seconds > SESSION_IDLE_SECONDS_MAX
            alive.append((await used.is_in(), await unused.is_in() if late else True))
        assert alive == [(True, True), (True, False), (True, False), (True, False)]
        await rows(settings, step, timedelta(seconds=SESSION_SECONDS_MAX + 1))
        cache.clear()
        assert not await used.is_in()
    finally:
        await rows(settings, "DELETE FROM clock_steps")
        cache.clear()


@pytest.mark.parametrize("body", [{}, {"token": 3}, {"email": "a@b"}, {"password": "x"}, {"surprise": "x"}])
async def test_what_is_nothing_to_sign_in_with_is_refused(people: People, body: Any) -> None:
    assert (await Browser(people).ask("POST", "/v1/session", body)).status_code == 422
