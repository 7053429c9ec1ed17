"""`annotary webhook`: addresses outside that are told of events, and what became of what was sent."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import EXIT_FOUND, on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, Limit, print_json, say, tell

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.streams import Service
    from annotary.client.webhooks import Delivery, WebhookMade

POLL_SECONDS = 0.25
app = typer.Typer(help="Webhooks: addresses outside that are told of events.", no_args_is_help=True)

WebhookArgument = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id.")]
ServiceOption = Annotated[
    str | None, typer.Option("--service", help="platform, text, image or video (default: all of them).")
]
EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="The event, such as text.3041.")]


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="webhook")


@app.command()
@on_platform
def add(
    client: Client,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where messages are posted to.")],
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="A type, or such as 'outcome.*' (again for more; default: all)."),
    ] = None,
    project: Annotated[
        list[str] | None, typer.Option("--project", "-p", help="A project (again for more; default: all).")
    ] = None,
    description: Annotated[str, typer.Option("--description", help="What it is for.")] = "",
    json: Json = False,
) -> None:
    """Make a webhook, and print its secret this once."""
    projects = [find_project(client, one).id for one in project or ()]
    made = client.webhooks.add(address, event_types=types or (), projects=projects, description=description)
    _show_secret(made, json)


@app.command("list")
@on_platform
def list_webhooks(client: Client, json: Json = False) -> None:
    """List webhooks with how far each has come, without their secrets."""
    from annotary.client.webhooks import SERVICES

    found = list(client.webhooks.list())
    couriers = {one.id: [client.webhooks.courier(one.id, service) for service in SERVICES] for one in found}
    if json:
        print_json({"webhooks": [{"webhook": one, "couriers": couriers[one.id]} for one in found]})
        return
    from annotary.cli.shown import print_table

    rows = []
    for one in found:
        own = couriers[one.id]
        failing = ", ".join(courier.service for courier in own if courier.circuit != "closed")
        counts = (sum(courier.waiting for courier in own), sum(courier.dead for courier in own))
        rows.append((one.id, one.url, one.state, *counts, failing or one.reason or ""))
    print_table(("id", "address", "state", "waiting", "dead", "fails in"), rows, numbers=("waiting", "dead"))


@app.command()
@on_platform
def rotate(
    client: Client,
    webhook: WebhookArgument,
    overlap: Annotated[
        float, typer.Option("--overlap-hours", help="How long the old secret signs too; 0 after a leak.")
    ] = 24.0,
    json: Json = False,
) -> None:
    """Make a new secret, and print it this once."""
    _show_secret(client.webhooks.rotate(webhook, overlap_hours=overlap), json)


@app.command()
@on_platform
def pause(client: Client, webhook: WebhookArgument, json: Json = False) -> None:
    """Send nothing for now; what happens meanwhile is sent later."""
    changed = client.webhooks.pause(webhook)
    tell(json, {"webhook": changed}, f"Paused {changed.id}.")


@app.command()
@on_platform
def resume(client: Client, webhook: WebhookArgument, json: Json = False) -> None:
    """Go on where it stopped, also after it was disabled."""
    changed = client.webhooks.resume(webhook)
    tell(json, {"webhook": changed}, f"{changed.id} goes on.")


@app.command()
@on_platform
def deliveries(
    client: Client,
    webhook: WebhookArgument,
    service: ServiceOption = None,
    state: Annotated[
        str | None, typer.Option("--state", help="waiting, delivered or dead (the dead letters).")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List what was sent or waits, the newest first, with what went wrong."""
    found: list[Delivery] = []
    for one in _services(service):
        found += islice(client.webhooks.deliveries(webhook, one, state=state), limit)
    found = sorted(found, key=lambda delivery: delivery.created_at, reverse=True)[:limit]
    if json:
        print_json({"deliveries": found})
        return
    from annotary.cli.shown import print_table

    rows = [(one.event, one.type, one.state, one.tries, one.code or "", one.reason or "") for one in found]
    print_table(("event", "type", "state", "tries", "answer", "reason"), rows, numbers=("tries",))


@app.command()
@on_platform
def redeliver(client: Client, webhook: WebhookArgument, event: EventArgument, json: Json = False) -> None:
    """Send one event again, under the same id."""
    sent = client.webhooks.redeliver(webhook, event)
    tell(json, {"delivery": sent}, f"{sent.event} is sent again.")


@app.command()
@on_platform
def replay(
    client: Client,
    webhook: WebhookArgument,
    service: ServiceOption = None,
    since: Annotated[datetime | None, typer.Option("--since", help="From this time on (UTC).")] = None,
    cursor: Annotated[
        str | None, typer.Option("--cursor", help="Behind this cursor, with the --service it is of.")
    ] = None,
    json: Json = False,
) -> None:
    """Send again all that follows a time, or a cursor of a delivery or of `annotary events`."""
    if (since is None) == (cursor is None) or (cursor and not service):
        raise typer.BadParameter("Say either --since, or --cursor and the --service that it is of.")
    moment = since.replace(tzinfo=UTC) if since else None
    couriers = [
        client.webhooks.replay(webhook, one, since=moment, cursor=cursor) for one in _services(service)
    ]
    behind = sum(courier.events_behind for courier in couriers)
    tell(json, {"couriers": couriers}, f"Goes on from there: {behind} events or more are looked at again.")


@app.command()
@on_platform
def remove(client: Client, webhook: WebhookArgument, json: Json = False) -> None:
    """Remove a webhook; what waited for it is dropped."""
    removed = client.webhooks.remove(webhook)
    tell(json, {"webhook": removed}, f"Removed {removed.id} ({removed.url}).")


@app.command()
@on_platform
def test(
    client: Client,
    webhook: WebhookArgument,
    wait: Annotated[float, typer.Option("--wait", help="Seconds to wait for the first try.")] = 20.0,
    json: Json = False,
) -> None:
    """Send a message that tells nothing, and say what the receiver answered; exit 1 unless it took it."""
    event = client.webhooks.test(webhook)
    deadline = time.monotonic() + wait
    sent = _delivery(client, webhook, event)
    while (sent is None or (sent.code is None and sent.reason is None)) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        sent = _delivery(client, webhook, event)
    taken = sent is not None and sent.state == "delivered"
    reason = (sent.reason if sent else None) or f"not tried within {wait:g} s"
    words = f"{event} was taken." if taken else f"{event} was not taken: {reason}."
    tell(json, {"ok": taken, "event": event, "delivery": sent}, words)
    if not taken:
        raise typer.Exit(EXIT_FOUND)


def _delivery(client: Client, webhook: str, event: str) -> Delivery | None:
    newest = islice(client.webhooks.deliveries(webhook, "platform"), 100)
    return next((one for one in newest if one.event == event), None)


def _services(service: str | None) -> tuple[Service, ...]:
    from annotary.client.webhooks import SERVICES

    chosen = tuple(one for one in SERVICES if service in (None, one))
    if not chosen:
        raise typer.BadParameter(f"--service: found {service!r}, expected one of {', '.join(SERVICES)}.")
    return chosen


def _show_secret(made: WebhookMade, json: bool) -> None:
    if json:
        print_json(made)
    else:
        say(f"Webhook {made.webhook.id} to {made.webhook.url}; its secret is shown this once:")
        print(made.secret)
