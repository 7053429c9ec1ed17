"""Every route against every kind of caller, by a declared table; a route that is missing from it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from integration.platform.people import People, rows
from integration.platform.things import READING, Things, declared

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLERS = ("owner", "manager", "reviewer", "annotator", "outsider", "stranger")
# Nobody gets in without a token that is good; only a signed address needs none.
WITHOUT = ("nobody", "revoked", "expired")

ANYBODY = "200 200 200 200 200 200"
# What belongs to an organisation: its managers; everybody of another organisation is told it is not there.
MANAGED = "200 200 403 403 403 404"
MADE = "201 201 403 403 403 201"
LISTED = "200 200 403 403 403 200"
# What belongs to a project: those on it see it, those off it are told it is not there.
SEEN = "200 200 200 200 404 404"
RUN = "200 200 403 403 404 404"

TABLE = {
    "GET /v1/me": ANYBODY,
    "GET /v1/organisation": ANYBODY,
    "PATCH /v1/organisation": "200 403 403 403 403 200",
    "GET /v1/members": LISTED,
    "POST /v1/members": MADE,
    "GET /v1/members/{member}": MANAGED,
    "PATCH /v1/members/{member}": MANAGED,
    "DELETE /v1/members/{member}": MANAGED,
    "POST /v1/tokens": "201 201 201 201 201 201",
    "GET /v1/tokens": ANYBODY,
    "DELETE /v1/tokens/{token}": "200 200 404 404 404 404",
    "POST /v1/ontologies": MADE,
    "GET /v1/ontologies": LISTED,
    "GET /v1/ontologies/{ontology}": MANAGED,
    "PATCH /v1/ontologies/{ontology}": MANAGED,
    "POST /v1/ontologies/{ontology}/versions": "201 201 403 403 403 404",
    "GET /v1/ontologies/{ontology}/versions": MANAGED,
    "GET /v1/ontologies/{ontology}/versions/{version}": SEEN,
    "POST /v1/ontologies/{ontology}/check": MANAGED,
    "POST /v1/ontologies/{ontology}/publications": "201 201 403 403 403 404",
    "GET /v1/ontologies/{ontology}/publications": MANAGED,
    "GET /v1/publications/{publication}": MANAGED,
    "POST /v1/publications/{publication}/complete": MANAGED,
    "POST /v1/publications/{publication}/withdraw": MANAGED,
    "GET /v1/registry/{reference}": SEEN,
    "POST /v1/projects": MADE,
    "GET /v1/projects": ANYBODY,
    "GET /v1/projects/{project}": SEEN,
    "PATCH /v1/projects/{project}": RUN,
    "DELETE /v1/projects/{project}": MANAGED,
    "GET /v1/projects/{project}/members": "200 200 200 403 404 404",
    "GET /v1/projects/{project}/members/{member}": "200 200 200 403 404 404",
    "PUT /v1/projects/{project}/members/{member}": RUN,
    "DELETE /v1/projects/{project}/members/{member}": RUN,
    "POST /v1/projects/{project}/instructions": "201 201 403 403 404 404",
    "GET /v1/projects/{project}/instructions": SEEN,
    "POST /v1/datasets": MADE,
    "GET /v1/datasets": LISTED,
    "GET /v1/datasets/{dataset}": MANAGED,
    "DELETE /v1/datasets/{dataset}": MANAGED,
    "POST /v1/datasets/{dataset}/items": "201 201 403 403 403 404",
    "GET /v1/datasets/{dataset}/items": MANAGED,
    "GET /v1/items/{item}": MANAGED,
    "DELETE /v1/items/{item}": MANAGED,
    "POST /v1/assets": MADE,
    "POST /v1/assets/reference": MADE,
    "GET /v1/assets/{hash}": MANAGED,
    "GET /v1/assets/{hash}/url": MANAGED,
    "GET /v1/assets/{hash}/content": "403 403 403 403 403 403",
    "HEAD /v1/assets/{hash}/content": "403 403 403 403 403 403",
    "POST /v1/uploads": MADE,
    "GET /v1/uploads/{upload}": MANAGED,
    "PUT /v1/uploads/{upload}/chunks/{number}": MANAGED,
    "POST /v1/uploads/{upload}/complete": "201 201 403 403 403 404",
    "POST /v1/imports": "202 202 403 403 403 404",
    "POST /v1/exports": "202 202 403 403 404 404",
    "GET /v1/imports": LISTED,
    "GET /v1/exports": LISTED,
    "GET /v1/jobs": LISTED,
    "GET /v1/imports/{job}": RUN,
    "GET /v1/exports/{job}": RUN,
    "GET /v1/jobs/{job}": RUN,
    "DELETE /v1/jobs/{job}": RUN,
    "GET /v1/imports/{job}/refusals": RUN,
    "GET /v1/exports/{job}/content": "409 409 403 403 404 404",
}


async def test_every_route_is_in_the_table() -> None:
    assert declared() == set(TABLE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def things(people: People, settings: Settings) -> Things:
    """Makes things, with tokens that are no longer good among the people's."""
    await people.hire("revoked", "owner")
    await people.hire("expired", "owner")
    issued = await people.ask("revoked", "GET", "/v1/tokens", expect=200)
    [token] = [one for one in issued["items"] if one["member"] == people.members["revoked"]]
    await people.ask("owner", "DELETE", f"/v1/tokens/{token['id']}", expect=200)
    await rows(
        settings,
        "UPDATE tokens SET expires_at = $1 WHERE member_id = $2",
        datetime.now(UTC) - timedelta(seconds=1),
        parse_id("member", people.members["expired"]),
    )
    return Things(people, settings)


@pytest.mark.parametrize("route", TABLE)
async def test_who_may_do_what(people: People, things: Things, settings: Settings, route: str) -> None:
    method = route.split()[0]
    expected = dict(zip(CALLERS, map(int, TABLE[route].split()), strict=True))
    expected |= dict.fromkeys(WITHOUT, 403 if "content" in route and "assets" in route else 401)
    for who, code in expected.items():
        path, request = await things.make(route)
        before = await _events(settings)
        response = await people.ask(who, method, path, **request)
        assert response.status_code == code, (who, route, response.text)
        written = await _events(settings) - before
        if method in ("POST", "PUT", "PATCH", "DELETE") and code < 300 and route not in READING:
            assert written > 0, f"{route} as {who} wrote no event"
        else:
            assert written == 0, f"{route} as {who} was refused or only read, and wrote an event"
        if code in (401, 403, 404) and method != "HEAD":
            assert response.headers["content-type"].startswith("application/problem+json")
            assert response.json()["status"] == code


async def _events(settings: Settings) -> int:
    [row] = await rows(settings, "SELECT count(*) FROM events")
    return int(row[0])
