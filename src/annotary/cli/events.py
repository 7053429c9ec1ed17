"""`annotary events tail` and `annotary outcomes stream`: what happens, as it happens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform
from annotary.cli.events_kafka import or_from_kafka
from annotary.cli.options import Json, ProjectOption, say, tell
from annotary.kernel.errors import Malformed

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.streams import Event, Service

SERVICES: tuple[Service, ...] = ("platform", "text", "image", "video")
app = typer.Typer(help="Events: what happened, in order.", no_args_is_help=True)
Since = Annotated[
    str | None,
    typer.Option("--since", help="Begin with a time (2026-11-23 or 2026-11-23T18:00), or with `now`."),
]


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="events")


@app.callback()
def _group() -> None:
    """Events: what happened, in order."""


def _print(events: Iterator[Event], json: bool) -> None:
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        for event in events:
            _show(event, json)


@app.command()
@or_from_kafka(_print)
@on_platform
def tail(
    client: Client,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    types: Annotated[
        str, typer.Option("--types", help="Only these, by prefixes between commas: outcome.,task.done")
    ] = "",
    project: Annotated[
        str | None, typer.Option("--project", "-p", help="Only of a project: id or name.")
    ] = None,
    service: Annotated[
        str | None,
        typer.Option("--service", help="platform, text, image or video (default: the project's, else all)."),
    ] = None,
    since: Since = None,
    json: Json = False,
) -> None:
    """Print events, one a line; with --json each as a CloudEvent."""
    from annotary.cli.finding import find_project

    found = find_project(client, project) if project else None
    chosen = services_of(service, None if found is None else found.modality)
    wanted = tuple(part.strip() for part in types.split(",") if part.strip())
    asked = {"types": wanted, "project": None if found is None else found.id, **begin(since)}
    feeds = [client.events(one, follow=follow, **asked) for one in chosen]
    _print(_all_of(feeds) if follow else _in_order(feeds), json)


def stream(
    client: Client,
    project: ProjectOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to append to.", dir_okay=False)],
    since: Annotated[
        str | None, typer.Option("--since", help="Begin a new file with a time, or with `now`.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Go on with what comes.")] = True,
    json: Json = False,
) -> None:
    """Append a project's outcomes to a file as they are accepted, corrected and retracted, one a line.

    Begun again on the same file it goes on exactly where it stopped, whatever stopped it.
    """
    from annotary.cli.finding import find_project

    found, moment = find_project(client, project), _moment(since)
    count = 0

    def written(so_far: int) -> None:
        nonlocal count
        if so_far != count:
            say(f"{found.name}: {so_far:,} written to {out}")
        count = so_far

    with contextlib.suppress(KeyboardInterrupt):
        client.outcomes_to_jsonl(found.id, out, since=moment, follow=follow, written=written)
    shown = {"ok": True, "project": found.id, "out": str(out), "written": count}
    tell(json, shown, f"{out}: {count:,} changes of outcomes written.")


def services_of(named: str | None, modality: Service | None) -> Sequence[Service]:
    """Return the services whose events are asked for; raises Malformed."""
    if named is None:
        return SERVICES if modality is None else (modality,)
    chosen = [one for one in SERVICES if one == named]
    if not chosen:
        raise Malformed(f"--service: found {named!r}, expected {', '.join(SERVICES[:-1])} or {SERVICES[-1]}.")
    return chosen


def begin(since: str | None) -> dict[str, Any]:
    """Return from where: a time, or the end of what there is; raises Malformed."""
    if since == "now":
        return {"cursor": "end"}
    return {"since": _moment(since)}


def _moment(since: str | None) -> datetime | None:
    """Return the time that was written, in UTC where it names no zone; raises Malformed."""
    if since is None:
        return None
    if since == "now":
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise Malformed(
            f"--since: found {since!r}, expected a time such as 2026-11-23T18:00:00Z, or now."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _in_order(feeds: Sequence[Iterator[Event]]) -> Iterator[Event]:
    """Yield what there is in all of them by its time."""
    import heapq

    return heapq.merge(*feeds, key=lambda event: event.time)


def _all_of(feeds: Sequence[Iterator[Event]]) -> Iterator[Event]:
    """Yield what comes in any of them, as it comes: each is waited for in a thread of its own."""
    if len(feeds) == 1:
        yield from feeds[0]
        return
    import queue
    import threading

    came: queue.Queue[Event | BaseException] = queue.Queue(maxsize=1_000)

    def wait_for(feed: Iterator[Event]) -> None:
        try:
            for event in feed:
                came.put(event)
        except BaseException as error:
            came.put(error)

    for feed in feeds:
        threading.Thread(target=wait_for, args=(feed,), daemon=True).start()
    while True:
        one = came.get()
        if isinstance(one, BaseException):
            raise one
        yield one


def _show(event: Event, json: bool) -> None:
    import msgspec

    if json:
        fields = {key: value for key, value in msgspec.to_builtins(event).items() if value is not None}
        cursor = fields.pop("cursor")
        print(msgspec.json.encode({"specversion": "1.0", **fields, "cursor": cursor}).decode(), flush=True)
        return
    who = f" by {event.actorid}" if event.actorid else ""
    data = msgspec.json.encode(event.data).decode()
    print(f"{event.time.isoformat()}  {event.id}  {event.type}  {event.subject}{who}  {data}", flush=True)
