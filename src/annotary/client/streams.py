"""Following the log: events and outcomes as they happen, resumed from a cursor that the caller keeps."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from annotary.client.errors import AnnotaryClientError
from annotary.client.transport import Params, Transport
from annotary.client.values import Modality, Outcome

Service = Literal["platform", "text", "image", "video"]
LOT_EVENTS = 500
WAIT_MILLISECONDS = 20_000
IDS_REMEMBERED = 10_000
OUTAGE_SECONDS_MOST = 600.0


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, in the shape of CloudEvents 1.0; `cursor` is the place behind it."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str
    organisationid: str
    sequence: str
    data: dict[str, Any]
    actorid: str | None = None
    traceparent: str | None = None
    cursor: str = ""


class _Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every change of an outcome has. Key what you keep by `outcome.task`: a task has one outcome.

    `id` is the same whenever the change is told again, `cursor` is behind it, `item` is what was labelled.
    """

    id: str
    cursor: str
    time: datetime
    outcome: Outcome
    item: dict[str, Any]


class Accepted(_Change, frozen=True, tag="accepted"):
    """A task has an accepted outcome."""


class Corrected(_Change, frozen=True, tag="corrected"):
    """The task's outcome is another now: `outcome` takes the place of the one with the id `supersedes`."""

    supersedes: str | None = None
    reason: str | None = None


class Retracted(_Change, frozen=True, tag="retracted"):
    """The outcome no longer holds, for a `reason`: forget it."""

    reason: str | None = None


OutcomeChange = Accepted | Corrected | Retracted
T = TypeVar("T", Event, OutcomeChange)


class _Placed(msgspec.Struct, frozen=True):
    cursor: str
    event: Event


class Lot(msgspec.Struct, frozen=True):
    """What one reply brought; `cursor` is behind all of it, also behind what was left out."""

    items: msgspec.Raw
    cursor: str
    more: bool


class Streams:
    """Follows the logs of a platform. The server holds its replies until something happens."""

    def __init__(self, transport: Transport, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep

    def events(
        self,
        service: Service,
        *,
        types: Sequence[str] = (),
        project: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        cursor: str | None = None,
        follow: bool = True,
        lane: int = 0,
        lanes: int = 1,
    ) -> Iterator[Event]:
        """Yield what happened, oldest first, from the beginning, a time (`since`) or behind a `cursor`.

        `cursor="end"` begins with what comes from now on; each event has the cursor behind it. Without
        `follow` it ends with what there is now. `types` are prefixes, such as `outcome.`. Of `lanes` readers,
        each takes the subjects of its own `lane`.
        """
        path = "/v1/events" if service == "platform" else f"/v1/{service}/events"
        params: dict[str, str | int | None] = {
            "types": ",".join(types) or None,
            "project": project,
            "subject": subject,
            "lane": lane,
            "lanes": lanes,
        }
        fresh = _Fresh()
        for lot in self._lots(path, params, since, cursor, follow):
            placed = msgspec.json.decode(lot.items, type=list[_Placed])
            yield from fresh.of(msgspec.structs.replace(one.event, cursor=one.cursor) for one in placed)

    def outcomes(
        self,
        modality: Modality,
        project: str,
        *,
        since: datetime | None = None,
        cursor: str | None = None,
        follow: bool = True,
        lane: int = 0,
        lanes: int = 1,
    ) -> Iterator[list[OutcomeChange]]:
        """Yield lots of changes of a project's outcomes, each change once. See `Client.stream_outcomes`."""
        params: dict[str, str | int | None] = {"project": project, "lane": lane, "lanes": lanes}
        fresh = _Fresh()
        for lot in self._lots(f"/v1/{modality}/outcome-changes", params, since, cursor, follow):
            yield list(fresh.of(msgspec.json.decode(lot.items, type=list[OutcomeChange])))

    def _lots(
        self,
        path: str,
        params: Mapping[str, str | int | None],
        since: datetime | None,
        cursor: str | None,
        follow: bool,
    ) -> Iterator[Lot]:
        """Yield replies, going on where the last one ended, over outages of up to ten minutes too."""
        began = None if cursor or since is None else since.isoformat()
        answered_at = time.monotonic()
        while True:
            asked: Params = {
                **params,
                "cursor": cursor,
                "since": began,
                "limit": LOT_EVENTS,
                "wait_ms": WAIT_MILLISECONDS if follow else 0,
            }
            try:
                lot = self._transport.read(path, Lot, asked)
            except AnnotaryClientError as error:
                if not (error.retryable and time.monotonic() - answered_at < OUTAGE_SECONDS_MOST):
                    raise
                self._sleep(1.0)
                continue
            answered_at, cursor, began = time.monotonic(), lot.cursor, None
            yield lot
            if not follow and not lot.more:
                return


class _Fresh:
    """Leaves out what was told already, by id."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def of(self, told: Iterable[T]) -> Iterator[T]:
        """Yield what is new."""
        for one in told:
            if one.id in self._seen:
                continue
            self._seen[one.id] = None
            if len(self._seen) > IDS_REMEMBERED:
                self._seen.popitem(last=False)
            yield one
