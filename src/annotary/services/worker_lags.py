"""How far everything that follows a log is behind, by count and time, for the worker's metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from prometheus_client import CollectorRegistry, Gauge

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id
from annotary.streams.subscriptions import store as subscriptions


class FollowerLag(msgspec.Struct, frozen=True, array_like=True):
    """One consumer of this product, or one subscription of a program outside (with its organisation)."""

    name: str
    source: str
    events: int
    seconds: float
    parked: int
    organisation: str | None = None


async def look_at_lags(database: Database, consumers: Sequence[Consumer]) -> list[FollowerLag]:
    """Return how far a service's consumers, and the subscriptions of its log, are behind."""
    parked = await eventlog_store.parked(database)
    found = []
    for one in consumers:
        source = one.source.schema
        position = await eventlog_store.position(one.target, one.name, source)
        lag = await eventlog_store.lag(one.source, position, one.types)
        found.append(
            FollowerLag(one.name, source, lag.events, lag.seconds, parked.get((one.name, source), 0))
        )
    for held in await subscriptions.every(database):
        lag = await subscriptions.lag(database, held)
        organisation = format_id("organisation", held.organisation_id)
        aside = await subscriptions.parked(database, held)
        found.append(FollowerLag(held.name, database.schema, lag.events, lag.seconds, aside, organisation))
    return found


def add_gauges(registry: CollectorRegistry, lags: Iterable[tuple[str, list[FollowerLag]]]) -> None:
    """Add what services' followers are behind to the metrics."""
    told = (
        ("events_behind", "Events that wait for it, of the next ones that are looked at."),
        ("seconds_behind", "Age of the first of them."),
        ("events_parked", "Events that it could not deal with and that were put aside."),
    )
    kinds = {
        "consumer": ["service", "source", "consumer"],
        "subscription": ["service", "organisation", "subscription"],
    }
    gauges = {
        (kind, field): Gauge(f"annotary_{kind}_{field}", text, labels, registry=registry)
        for kind, labels in kinds.items()
        for field, text in told
    }
    for service, followers in lags:
        for one in followers:
            kind = "consumer" if one.organisation is None else "subscription"
            labels = (service, one.organisation or one.source, one.name)
            gauges[kind, "events_behind"].labels(*labels).set(one.events)
            gauges[kind, "seconds_behind"].labels(*labels).set(one.seconds)
            gauges[kind, "events_parked"].labels(*labels).set(one.parked)
