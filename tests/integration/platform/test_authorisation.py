"""Every route against every kind of caller, by a declared table; a route that is missing from it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from integration.platform.people import People, rows
from integration.platform.things import READING, Things, declared
from integration.platform.things_log import POSITIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLERS = ("owner", "manager", "reviewer", "annotator", "outsider", "stranger")
# Nobody gets in without a token that is good, but for what is OPEN.
WITHOUT = ("nobody", "revoked", "expired")

ANYBODY = "200 200 200 200 200 200"
# What belongs to an organisation: its managers; everybody of another organisation is told it is not there.
MANAGED = "200 200 403 403 403 404"
MADE = "201 201 403 403 403 201"
LISTED = "200 200 403 403 403 200"
# What belongs to a project: those on it see it, those off it are told it is not there.
SEEN = "200 200 200 200 404 404"
RUN = "200 200 403 403 404 404"
# A subscription is its member's (here the owner's); managers look after it, and to others there is none.
LOOKED_AFTER = "200 200 404 404 404 404"
LOOKED_AFTER_AND_DONE = "204 204 404 404 404 404"
TAKEN = "200 404 404 404 404 404"
# The log: what its readers see of it is for managers of the organisation, and for reviewers on a project.
FOLLOWED = "200 200 200 403 403 200"
SENT = "202 202 403 403 403 404"

# What needs no token, and what is said without one: signed addresses, sessions, and the links of invitations.
OPEN = {
    "GET /v1/assets/{hash}/content": 403,
    "HEAD /v1/assets/{hash}/content": 403,
    "GET /v1/assets/{hash}/frames": 403,
    "GET /v1/assets/{hash}/frames/strips/{number}": 403,
    "GET /v1/assets/{hash}/thumbnail": 403,
    "DELETE /v1/session": 204,
    "POST /v1/invitations/look": 404,
    "POST /v1/invitations/accept": 404,
}

TABLE = {
    "POST /v1/session": "401 401 401 401 401 401",
    "DELETE /v1/session": "204 204 204 204 204 204",
    "GET /v1/me": ANYBODY,
    "PATCH /v1/me": ANYBODY,
    "PUT /v1/me/password": "409 409 409 409 409 409",
    "GET /v1/me/sessions": ANYBODY,
    "DELETE /v1/me/sessions/{session}": "204 404 404 404 404 404",
    "POST /v1/invitations": MADE,
    "GET /v1/invitations": LISTED,
    "DELETE /v1/invitations/{invitation}": MANAGED,
    "POST /v1/invitations/look": "404 404 404 404 404 404",
    "POST /v1/invitations/accept": "404 404 404 404 404 404",
    "GET /v1/organisation": ANYBODY,
    "PATCH /v1/organisation": "200 403 403 403 403 200",
    "GET /v1/members": LISTED,
    "POST /v1/members": MADE,
    "GET /v1/members/{member}": MANAGED,
    "GET /v1/members/{member}/projects": MANAGED,
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
    "GET /v1/ontologies/{ontology}/differences": SEEN,
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
    "GET /v1/assets/{hash}/frames": "403 403 403 403 403 403",
    "GET /v1/assets/{hash}/frames/strips/{number}": "403 403 403 403 403 403",
    "GET /v1/assets/{hash}/thumbnail": "403 403 403 403 403 403",
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
    "GET /v1/outcomes/{outcome}/lineage": "307 307 307 403 404 404",
    "GET /v1/events": FOLLOWED,
    "GET /v1/events/schemas": ANYBODY,
    "GET /v1/events/schemas/{name}/{version}": ANYBODY,
    "GET /v1/events/{sequence}/proof": MANAGED,
    "POST /v1/events/{sequence}/redact": "200 403 403 403 403 404",
    "GET /v1/audit/keys": ANYBODY,
    "PUT /v1/subscriptions/{name}": FOLLOWED,
    "GET /v1/subscriptions": ANYBODY,
    "GET /v1/subscriptions/{name}": LOOKED_AFTER,
    "DELETE /v1/subscriptions/{name}": LOOKED_AFTER_AND_DONE,
    "GET /v1/subscriptions/{name}/events": TAKEN,
    "POST /v1/subscriptions/{name}/acknowledge": TAKEN,
    "GET /v1/subscriptions/{name}/parked": LOOKED_AFTER,
    "POST /v1/subscriptions/{name}/parked/{event}/retry": LOOKED_AFTER_AND_DONE,
    "DELETE /v1/subscriptions/{name}/parked/{event}": LOOKED_AFTER_AND_DONE,
    "POST /v1/webhooks": MADE,
    "GET /v1/webhooks": LISTED,
    "GET /v1/webhooks/{webhook}": MANAGED,
    "PATCH /v1/webhooks/{webhook}": MANAGED,
    "DELETE /v1/webhooks/{webhook}": MANAGED,
    "POST /v1/webhooks/{webhook}/rotate": MANAGED,
    "POST /v1/webhooks/{webhook}/test": SENT,
    "GET /v1/webhooks/{webhook}/deliveries": MANAGED,
    "GET /v1/webhooks/{webhook}/courier": MANAGED,
    "POST /v1/webhooks/{webhook}/deliveries/{event}/redeliver": SENT,
    "POST /v1/webhooks/{webhook}/replay": SENT,
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
    expected |= dict.fromkeys(WITHOUT, OPEN.get(route, 401))
    for who, code in expected.items():
        path, request = await things.make(route)
        before = await _events(settings)
        response = await people.ask(who, method, path, **request)
        assert response.status_code == code, (who, route, response.text)
        written = await _events(settings) - before
        if method in ("POST", "PUT", "PATCH", "DELETE") and code < 300 and route not in READING | POSITIONS:
            assert written > 0, f"{route} as {who} wrote no event"
        else:
            assert written == 0, f"{route} as {who} was refused, only read or only moved, and wrote an event"
        if code in (401, 403, 404) and method != "HEAD":
            assert response.headers["content-type"].startswith("application/problem+json")
            assert response.json()["status"] == code


async def _events(settings: Settings) -> int:
    [row] = await rows(settings, "SELECT count(*) FROM events")
    return int(row[0])
