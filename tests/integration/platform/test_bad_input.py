"""Bad requests of every route are refused, with a reason, and change nothing; repeated ones act once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from annotary.infra.settings import Settings
from integration.platform.people import People, rows
from integration.platform.things import READING, REQUESTS, SECRET, Things, declared
from integration.platform.things_log import NAMED_BY_CALLER

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEEP = 10_000
BODIES = {
    "10,000 deep": b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "10,000 objects deep": b'{"name":' * DEEP + b"1" + b"}" * DEEP,
    "wrong encoding": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "truncated": b'{"name": "x',
    "NaN": b'{"name": NaN}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "a list": b"[]",
    "a word": b'"name"',
    "null": b"null",
    "nothing": b"",
    "an unknown field": b'{"unheard of": 1}',
    "huge number": b'{"name": 1e999}',
}
# These take raw bytes, or nothing at all.
RAW = {"POST /v1/assets", "PUT /v1/uploads/{upload}/chunks/{number}", "DELETE /v1/session"}
WRITES = sorted(route for route in declared() if route.split()[0] not in ("GET", "HEAD"))
WITH_JSON = [route for route in WRITES if route in REQUESTS and route not in RAW]


@pytest.fixture(scope="module")
def things(people: People, settings: Settings) -> Things:
    return Things(people, settings)


@pytest.mark.parametrize("route", WITH_JSON)
async def test_bad_bodies_are_refused_and_change_nothing(
    people: People, things: Things, settings: Settings, route: str
) -> None:
    path, _ = await things.make(route)
    before = await _everything(settings)
    for kind, body in BODIES.items():
        headers = {"Content-Type": "application/json"}
        response = await people.ask("owner", route.split()[0], path, content=body, headers=headers)
        if kind in ("nothing", "null") and response.status_code < 300:
            pytest.fail(f"{kind} was taken for a body")
        assert response.status_code in (400, 409, 413, 415, 422), (kind, response.text)
        problem = response.json()
        assert problem["detail"] and problem["status"] == response.status_code, kind
    assert await _everything(settings) == before


IDS = (
    *("", "x", "prj_", "prj_" + "g" * 32, "prj_" + "0" * 31, "mem_" + "0" * 32, "%00", "é" * 40),
    *("9" * 19, "9" * 30, "platform." + "9" * 30),
)


@pytest.mark.parametrize("route", sorted(declared()))
async def test_what_is_no_id_is_not_found(people: People, things: Things, route: str) -> None:
    method, template = route.split()
    names = [part[1:-1] for part in template.split("/") if part.startswith("{")]
    # Signed addresses say first whether they were signed.
    signed = any(part in template for part in ("content", "/frames", "/thumbnail"))
    if not names or signed or route in NAMED_BY_CALLER:
        return
    _, request = await things.make(route)
    for bad in IDS:
        path = template.format(**{**dict.fromkeys(names, bad or "-"), "number": 0})
        response = await people.ask("owner", method, path, **request)
        assert response.status_code in (404, 405, 422), (bad, response.text)
        assert response.headers["content-type"].startswith("application/problem+json"), response.text


@pytest.mark.parametrize("name", ["%00", "%20", "a%0Ab", "x" * 201])
@pytest.mark.parametrize("route", sorted(NAMED_BY_CALLER))
async def test_what_is_no_name_is_refused(people: People, things: Things, route: str, name: str) -> None:
    method, template = route.split()
    _, request = await things.make(route)
    response = await people.ask("owner", method, template.format(name=name), **request)
    assert response.status_code == 422, response.text


@pytest.mark.parametrize("route", sorted(set(WRITES) - READING - SECRET))
async def test_a_repeated_request_has_one_effect(
    people: People, things: Things, settings: Settings, route: str
) -> None:
    method = route.split()[0]
    path, request = await things.make(route)
    request["headers"] = {"Idempotency-Key": f"once {route}"}
    first = await people.ask("owner", method, path, **request)
    assert first.status_code < 300, first.text
    before = await _everything(settings)
    again = await people.ask("owner", method, path, **request)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert await _everything(settings) == before
    other = await people.ask("owner", method, f"{path}?other=1", **request)
    assert other.status_code == 422 and other.json()["code"] == "key_reused", other.text
    assert await _everything(settings) == before


async def test_repeated_at_once_a_request_has_one_effect(people: People, settings: Settings) -> None:
    headers = {"Idempotency-Key": "at once"}
    body = {"name": "at once", "role": "annotator"}
    replies = await asyncio.gather(
        *(people.ask("owner", "POST", "/v1/members", body, headers=headers) for _ in range(6))
    )
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert len(await rows(settings, "SELECT 1 FROM members WHERE name = 'at once'")) == 1


async def _everything(settings: Settings) -> dict[str, Any]:
    """Return how many rows each table has that a request may write, and what the newest event is."""
    tables = (
        "members tokens projects project_members instructions ontologies ontology_versions datasets items"
        " assets uploads upload_chunks jobs events webhooks webhook_couriers webhook_deliveries subscriptions"
        " subscription_lanes subscription_parked consumers"
    )
    counts = [f"(SELECT count(*) FROM {table}) AS {table}" for table in tables.split()]
    [row] = await rows(settings, f"SELECT {', '.join(counts)}")
    return dict(row)
