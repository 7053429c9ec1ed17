"""Webhooks over HTTP: who may, what is shown once, and deliveries looked at, sent again, replayed."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from litestar.testing import AsyncTestClient
from standardwebhooks import Webhook as Oracle

from annotary.eventlog.consumer import consume_once
from annotary.eventlog.copies import copies_consumer
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel import limits
from annotary.kernel.ids import new_id, parse_id
from annotary.services.modality import modality_application
from annotary.services.platform import platform_application
from annotary.services.worker_child import COPIED
from integration.conftest import Seed
from integration.webhooks.conftest import KEY, Stand
from integration.webhooks.receiver import receiving

numbers = itertools.count()


class Office:
    """The platform and the service of text, asked by people of one organisation, and one stranger."""

    def __init__(self, stand: Stand, platform: Any, text: Any, seed: Seed) -> None:
        self.stand, self.platform, self.text, self.seed = stand, platform, text, seed
        self.people: dict[str, dict[str, str]] = {}

    async def ask(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {"Idempotency-Key": f"k-{next(numbers)}"} if method != "GET" else {}
        headers |= self.people[who] | more.pop("headers", {})
        client = self.text if path.startswith("/v1/text") else self.platform
        return await client.request(method, path, json=body, headers=headers, **more)

    async def good(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        reply = await self.ask("manager", method, path, body, **more)
        assert reply.status_code in (200, 201, 202), reply.text
        return reply.json()

    async def copy(self) -> None:
        """Let text have what the platform has."""
        consumer = copies_consumer(self.stand.platform, self.stand.database, COPIED)
        while await consume_once(consumer):
            pass


@pytest_asyncio.fixture
async def office(
    stand: Stand,
    make_seed: Callable[[str], Awaitable[Seed]],
    database_url: str,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    settings = Settings(
        data_dir=tmp_path,
        database_urls=dict.fromkeys(SERVICES, database_url),
        signing_key=KEY,
        webhook_private_networks=("127.0.0.1/32",),
    )
    async with contextlib.AsyncExitStack() as opened:
        apps = [platform_application(settings).app, modality_application("text", settings).app]
        clients = [await opened.enter_async_context(AsyncTestClient(app=app)) for app in apps]  # type: ignore[arg-type]
        seed = await make_seed("platform")
        seed.organisation = stand.organisation
        made = Office(stand, *clients, seed)
        for who in ("manager", "reviewer", "annotator"):
            made.people[who] = await seed.hire(who)
        seed.organisation = new_id()
        made.people["stranger"] = await seed.hire("owner")
        for table in ("organisations", "members", "tokens"):
            await stand.database.execute(f"INSERT INTO text.{table} SELECT * FROM platform.{table}")
        yield made


async def test_a_webhook_from_its_making_to_its_end(office: Office) -> None:
    async with receiving() as receiver:
        body = {"url": receiver.url, "event_types": ["task.*"], "description": "to the trainer"}
        again = {"headers": {"Idempotency-Key": "once"}}
        first = await office.good("POST", "/v1/webhooks", body, **again)
        assert await office.good("POST", "/v1/webhooks", body, **again) == first
        webhook, secret = first["webhook"], first["secret"]
        assert secret.startswith("whsec_") and webhook["state"] == "active"
        kept = await office.stand.platform.pool.fetchval(
            "SELECT string_agg(k::text, '') FROM idempotency_keys k"
        )
        assert secret.removeprefix("whsec_") not in kept
        path = f"/v1/webhooks/{webhook['id']}"
        assert await office.good("GET", path) == webhook
        listed = await office.good("GET", "/v1/webhooks")
        assert listed["items"] == [webhook] and "secret" not in listed["items"][0]

        await office.copy()
        told = set(await office.stand.tell(3))
        await office.stand.until(lambda: receiver.taken == told)
        Oracle(secret).verify(receiver.messages[0].body, receiver.messages[0].headers)

        rotated = await office.good("POST", f"{path}/rotate", {"overlap_hours": 2})
        assert rotated["secret"] != secret and rotated["webhook"]["former_secret_until"]
        stale = await office.ask("manager", "PATCH", path, {"state": "paused"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        paused = await office.good("PATCH", path, {"state": "paused"})
        assert (paused["state"], paused["url"], paused["event_types"]) == ("paused", receiver.url, ["task.*"])
        refused = await office.ask("manager", "POST", f"{path}/test")
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_not_active")
        await office.good("DELETE", path)
        assert (await office.ask("manager", "GET", path)).status_code == 404
        assert (await office.good("GET", "/v1/webhooks"))["items"] == []


async def test_a_webhook_is_for_managers_of_its_organisation(office: Office) -> None:
    async with receiving() as receiver:
        made = await office.good("POST", "/v1/webhooks", {"url": receiver.url})
        await office.copy()
    path = f"/webhooks/{made['webhook']['id']}"
    asked = [
        ("GET", f"/v1{path}", None),
        ("PATCH", f"/v1{path}", {}),
        ("DELETE", f"/v1{path}", None),
        ("POST", f"/v1{path}/rotate", {}),
        ("POST", f"/v1{path}/test", None),
        *(
            (method, root + path + rest, body)
            for root in ("/v1", "/v1/text")
            for method, rest, body in (
                ("GET", "/deliveries", None),
                ("GET", "/courier", None),
                ("POST", "/replay", {"since": "2026-01-01T00:00:00Z"}),
                ("POST", "/deliveries/text.1/redeliver", None),
            )
        ),
    ]
    for who, code in (("annotator", 403), ("reviewer", 403), ("stranger", 404)):
        for method, where, body in asked:
            reply = await office.ask(who, method, where, body)
            assert reply.status_code == code, (who, method, where, reply.text)
        reply = await office.ask(who, "POST", "/v1/webhooks", {"url": receiver.url})
        assert (reply.status_code == 201) == (who == "stranger")
    assert (await office.ask("stranger", "GET", "/v1/webhooks")).json()["items"][0]["id"] not in path


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"url": "ftp://example.com/"}, "/url"),
        ({"url": "http://127.0.0.2/"}, "/url"),
        ({"url": "http://[::1]/"}, "/url"),
        ({"url": "http://no-such-host.invalid/"}, "/url"),
        ({"url": "http://a:b@127.0.0.1/"}, "/url"),
        ({"event_types": ["task.done", "task.undone"]}, "/event_types/1"),
        ({"event_types": ["task*"]}, "/event_types/0"),
        ({"projects": ["prj_" + "0" * 32]}, "/projects/0"),
        ({"description": "\0"}, "/description"),
    ],
)
async def test_what_is_wrong_is_named(office: Office, body: dict[str, Any], path: str) -> None:
    reply = await office.ask("manager", "POST", "/v1/webhooks", {"url": "http://127.0.0.1:1/", **body})
    assert reply.status_code in (404, 422) and reply.json()["path"] == path, reply.text


async def test_an_organisation_has_only_so_many(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEBHOOKS_PER_ORGANISATION_MAX", 2)
    made = [await office.good("POST", "/v1/webhooks", {"url": "http://127.0.0.1:1/"}) for _ in range(2)]
    refused = await office.ask("manager", "POST", "/v1/webhooks", {"url": "http://127.0.0.1:1/"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")
    await office.good("DELETE", f"/v1/webhooks/{made[0]['webhook']['id']}")
    await office.good("POST", "/v1/webhooks", {"url": "http://127.0.0.1:1/"})


async def test_what_was_sent_is_looked_at_and_sent_again(office: Office) -> None:
    refused: set[str] = set()
    async with receiving(lambda message: "fails" if message.id in refused else "takes") as receiver:
        made = await office.good("POST", "/v1/webhooks", {"url": receiver.url, "event_types": ["task.*"]})
        path = f"/v1/text/webhooks/{made['webhook']['id']}"
        await office.copy()
        events = await office.stand.tell(5)
        refused.add(events[2])
        await office.stand.to_the_end()
        dead = (await office.good("GET", f"{path}/deliveries", params={"state": "dead"}))["items"]
        assert [one["event"] for one in dead] == [events[2]]
        assert dead[0]["code"] == 500 and "500" in dead[0]["reason"] and dead[0]["tries"] > 5
        courier = await office.good("GET", f"{path}/courier")
        assert (courier["dead"], courier["waiting"], courier["events_behind"]) == (1, 0, 0)

        refused.clear()
        sent = await office.good("POST", f"{path}/deliveries/{events[2]}/redeliver")
        assert (sent["state"], sent["tries"]) == ("waiting", 0)
        await office.stand.to_the_end()
        assert receiver.taken == set(events)
        unknown = await office.ask("manager", "POST", f"{path}/deliveries/image.1/redeliver")
        assert unknown.json()["code"] == "unknown_delivery"

        pages = await office.good("GET", f"{path}/deliveries", params={"limit": 3})
        rest = await office.good("GET", f"{path}/deliveries", params={"next_token": pages["next_token"]})
        found = [*pages["items"], *rest["items"]]
        assert [one["event"] for one in found] == events[::-1] and rest["next_token"] is None

        before = len(receiver.messages)
        await office.good("POST", f"{path}/replay", {"cursor": found[2]["cursor"]})
        await office.stand.to_the_end()
        assert {one.id for one in receiver.messages[before:]} == set(events[3:])
        before, moment = len(receiver.messages), found[-1]["created_at"]
        await office.stand.pass_time(5)
        later = await office.stand.tell(2)
        await office.stand.to_the_end()
        await office.good("POST", f"{path}/replay", {"since": "2020-01-01T00:00:00Z"})
        await office.stand.to_the_end()
        assert {one.id for one in receiver.messages[before:]} == {*events, *later} and moment
        for wrong in ({}, {"since": moment, "cursor": "x"}, {"cursor": "x"}):
            assert (await office.ask("manager", "POST", f"{path}/replay", wrong)).status_code in (400, 422)


async def test_a_test_goes_to_the_webhook_that_is_tested_alone(office: Office) -> None:
    async with receiving() as tested, receiving() as other:
        made = await office.good("POST", "/v1/webhooks", {"url": tested.url, "event_types": ["outcome.*"]})
        await office.good("POST", "/v1/webhooks", {"url": other.url})
        path = f"/v1/webhooks/{made['webhook']['id']}"
        event = (await office.good("POST", f"{path}/test"))["event"]
        office.stand.couriers = office.stand.new_couriers(office.stand.platform)
        await office.stand.until(lambda: event in tested.taken)
        # The other one wants everything, and is told that webhooks were made, but not of the test.
        await office.stand.until(lambda: len(other.taken) == 1)
        assert tested.taken == {event} and event not in other.taken

        async def noted() -> bool:
            (sent,) = (await office.good("GET", f"{path}/deliveries"))["items"]
            return (sent["event"], sent["type"], sent["state"]) == (event, "webhook.tested", "delivered")

        await office.stand.until(noted)


async def test_a_restored_copy_has_what_the_platform_has(office: Office) -> None:
    project = new_id()
    await office.stand.platform.execute(
        "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
        " VALUES ($1, $2, 'p', 'text', $1, $1)",
        *(project, office.stand.organisation),
    )
    named = f"prj_{project.hex}"
    body = {"url": "http://127.0.0.1:1/", "projects": [named, named], "event_types": ["task.*", "task.done"]}
    made = await office.good("POST", "/v1/webhooks", body)
    await office.good("POST", f"/v1/webhooks/{made['webhook']['id']}/rotate", {})
    await office.copy()
    where = "SELECT * FROM webhooks WHERE id = $1"
    webhook_id = parse_id("webhook", made["webhook"]["id"])
    own, copied = [
        dict(await database.fetchrow(where, webhook_id) or {})
        for database in (office.stand.platform, office.stand.database)
    ]
    assert own == copied and own["projects"] == [project] and own["secret_number"] == 2
