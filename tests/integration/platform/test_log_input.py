"""What is odd about the routes of the log: times, pages, addresses, and events that were erased."""

from __future__ import annotations

import pytest

from annotary.infra.settings import Settings
from integration.platform.people import People, rows
from integration.platform.things import Things

pytestmark = pytest.mark.asyncio(loop_scope="module")

EARLY = [
    "2026-01-01T00:00:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+10:00",
    "1969-12-31T23:59:59-12:00",
]
LATE = ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-10:00"]


@pytest.fixture(scope="module")
def things(people: People, settings: Settings) -> Things:
    return Things(people, settings)


@pytest.mark.parametrize("since", [*EARLY, *LATE])
async def test_any_time_is_one_to_begin_at(
    people: People, things: Things, settings: Settings, since: str
) -> None:
    path, _ = await things.make("PUT /v1/subscriptions/{name}")
    reply = await people.ask("owner", "PUT", path, {"since": since, "lanes": 1})
    if since in EARLY:
        assert reply.status_code == 200, reply.text
        lot = await people.ask("owner", "GET", f"{path}/events?limit=1&wait_ms=10000", expect=200)
        assert lot["items"][0]["event"]["type"] == "organisation.created"
    assert reply.status_code in (200, 422), reply.text

    path, _ = await things.make("POST /v1/webhooks/{webhook}/replay")
    reply = await people.ask("owner", "POST", path, {"since": since})
    assert reply.status_code in ((202,) if since in EARLY else (202, 422)), reply.text

    reply = await people.ask("owner", "GET", "/v1/events", params={"since": since, "limit": 1})
    assert reply.status_code in ((200,) if since in EARLY else (200, 422)), reply.text
    if since in EARLY:
        assert reply.json()["items"][0]["event"]["type"] == "organisation.created"
        again = await people.ask("owner", "GET", "/v1/events", params={"cursor": reply.json()["cursor"]})
        assert again.status_code == 200, again.text


@pytest.mark.parametrize("who", ["reviewer", "annotator", "outsider"])
async def test_names_are_looked_up_for_managers_only(people: People, things: Things, who: str) -> None:
    body = {"url": "http://no-such-host.invalid/"}
    assert (await people.ask("owner", "POST", "/v1/webhooks", body)).status_code == 422
    assert (await people.ask(who, "POST", "/v1/webhooks", body)).status_code == 403
    path, _ = await things.make("PATCH /v1/webhooks/{webhook}")
    assert (await people.ask("owner", "PATCH", path, body)).status_code == 422
    assert (await people.ask(who, "PATCH", path, body)).status_code == 403


# The numbers -1, ² and one that no column holds.
@pytest.mark.parametrize("token", ["x", "WyItMSJd", "WyLCsiJd", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0"])
@pytest.mark.parametrize(
    "route", ["GET /v1/subscriptions/{name}/parked", "GET /v1/webhooks/{webhook}/deliveries"]
)
async def test_a_token_of_no_page_is_refused(people: People, things: Things, route: str, token: str) -> None:
    path, _ = await things.make(route)
    reply = await people.ask("owner", "GET", path, params={"next_token": token})
    assert (reply.status_code, reply.json()["path"]) == (400, "next_token")
    assert "send back the token" in reply.json()["detail"]


async def test_what_is_erased_is_gone_and_its_hash_stays(
    people: People, things: Things, settings: Settings
) -> None:
    path, _ = await things.make("POST /v1/events/{sequence}/redact")
    sequence = int(path.split("/")[3])
    said = await people.ask("owner", "POST", path, {"reason": "the person asked for it"}, expect=200)
    again = await people.ask("owner", "POST", path, {"reason": "the person asked for it"})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_redact")
    [left] = await rows(settings, "SELECT data::text FROM events WHERE sequence = $1", sequence)
    assert left[0] == '{"redacted":true}'
    proof = await people.ask("owner", "GET", f"/v1/events/{sequence}/proof", expect=200)
    assert proof["redacted"] and proof["leaf"] == said["leaf"]
