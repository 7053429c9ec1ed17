"""What the routes of the log are about: webhooks, subscriptions, and events in their chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from annotary.eventlog.chain.service import append_once, seal_due
from annotary.eventlog.chain.service_keys import signing_key
from annotary.infra.postgres import Database
from annotary.kernel.ids import parse_id
from annotary.streams.webhooks.store import add_courier, take_in
from annotary.streams.webhooks.values import Webhook
from integration.platform.people import rows

if TYPE_CHECKING:
    from integration.platform.things import Things

# The settings of these tests allow it, and nothing listens there: no test sends anything.
URL = "http://127.0.0.1:1/hook"
SUBSCRIPTION, PARKED = "/v1/subscriptions/{name}", "/v1/subscriptions/{name}/parked/{event}"
WEBHOOK, DELIVERY = "/v1/webhooks/{webhook}", "/v1/webhooks/{webhook}/deliveries/{event}"
WORKER_SECONDS_MAX = 10

# What these write is where a reader or a receiver stands in the log: a position and no fact, so no event
# tells of it.
POSITIONS = {
    f"POST {SUBSCRIPTION}/acknowledge",
    f"POST {PARKED}/retry",
    f"DELETE {PARKED}",
    f"POST {DELIVERY}/redeliver",
    f"POST {WEBHOOK}/replay",
}
# The name in the path is one to be given, not one that has to be there.
NAMED_BY_CALLER = {f"PUT {SUBSCRIPTION}"}

LOG_REQUESTS: dict[str, Callable[[Things, dict[str, Any]], Any]] = {
    "POST /v1/webhooks": lambda t, f: {"json": {"url": URL}},
    f"PATCH {WEBHOOK}": lambda t, f: {"json": {"description": next(t.names)}},
    f"POST {WEBHOOK}/rotate": lambda t, f: {"json": {"overlap_hours": 1}},
    f"POST {WEBHOOK}/replay": lambda t, f: {"json": {"since": "2026-01-01T00:00:00Z"}},
    f"PUT {SUBSCRIPTION}": lambda t, f: {"json": {"types": ["member."]}},
    f"POST {SUBSCRIPTION}/acknowledge": lambda t, f: {"json": f["said"]},
    "POST /v1/events/{sequence}/redact": lambda t, f: {
        "json": {"reason": "asked for by the person it names"}
    },
}


async def make_of_log(things: Things, route: str) -> dict[str, Any]:
    """Make what a route of the log is about; nothing for all other routes."""
    method, template = route.split()
    if "/subscriptions" in template or template == "/v1/events":
        # It puts the reviewer on a project: off all projects, the log is as closed to one as to annotators.
        await things._project()
    if template.startswith(WEBHOOK):
        return await _webhook(things)
    if method == "PUT" and template == SUBSCRIPTION:
        return {"name": next(things.names)}
    if template.startswith(SUBSCRIPTION):
        return await _subscription(things, leased="acknowledge" in template, parked="{event}" in template)
    if "{sequence}" in template:
        return {"sequence": await _sealed_event(things)}
    return {"name": "member.created"} if "/schemas/{name}" in template else {}


async def _webhook(things: Things) -> dict[str, Any]:
    """Make a webhook in place of the one before, with a delivery on its way as couriers do it."""
    if before := things.made_before.get("webhook"):
        await things.people.ask("owner", "DELETE", before)
    body = {"url": URL, "event_types": ["webhook.created"]}
    made = (await things.people.ask("owner", "POST", "/v1/webhooks", body, expect=201))["webhook"]
    things.made_before["webhook"] = f"/v1/webhooks/{made['id']}"
    database, own = _database(things), parse_id("webhook", made["id"])
    webhook = Webhook(id=own, url=URL, version=1, secret_number=1, former_until=None)
    await add_courier(database, webhook, datetime.fromisoformat(made["created_at"]))
    async with asyncio.timeout(WORKER_SECONDS_MAX):
        while not (await take_in(database, own))[1]:
            await asyncio.sleep(0)
    listed = await things.people.ask("owner", "GET", f"/v1/webhooks/{made['id']}/deliveries", expect=200)
    [delivery] = listed["items"]
    return {"webhook": made["id"], "event": delivery["event"]}


async def _subscription(things: Things, *, leased: bool, parked: bool) -> dict[str, Any]:
    """Make a subscription in place of the one before; its first event is leased, or failed and so parked."""
    if before := things.made_before.get("subscription"):
        await things.people.ask("owner", "DELETE", before)
    name = next(things.names)
    path = f"/v1/subscriptions/{quote(name)}"
    body = {"lanes": 1, "tries_most": 1, "start": "beginning"}
    await things.people.ask("owner", "PUT", path, body, expect=200)
    things.made_before["subscription"] = path
    if not leased and not parked:
        return {"name": name}
    lot = await things.people.ask("owner", "GET", f"{path}/events?limit=1&wait_ms=10000", expect=200)
    event = lot["items"][0]["event"]["id"]
    held = {"lane": lot["lane"], "lease": lot["lease"]}
    if parked:
        failed = {**held, "failed": {"event": event, "reason": "no handler takes it"}}
        said = await things.people.ask("owner", "POST", f"{path}/acknowledge", failed, expect=200)
        assert said["parked"]
    return {"name": name, "event": event, "said": {**held, "cursor": lot["cursor"]}}


async def _sealed_event(things: Things) -> int:
    """Make an event, and have it appended and sealed as the worker does; returns its number."""
    await things._member()
    [last] = await rows(
        things.settings,
        "SELECT max(e.sequence) FROM events e JOIN members m USING (organisation_id) WHERE m.id = $1",
        parse_id("member", things.people.members["owner"]),
    )
    database = _database(things)
    key = signing_key(things.people.app.state.audit_key_file)
    sealed = (
        "SELECT 1 FROM event_runs JOIN chains USING (organisation_id)"
        " WHERE $1 = ANY(sequences) AND first < sealed"
    )
    async with asyncio.timeout(WORKER_SECONDS_MAX):
        while not await rows(things.settings, sealed, last[0]):
            await append_once(database)
            await seal_due(database, key, events_min=1)
    return int(last[0])


def _database(things: Things) -> Database:
    database: Database = things.people.app.state.database
    return database
