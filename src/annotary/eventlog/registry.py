"""The registry of event types: what each means, what it is about, what its data is; and CloudEvents 1.0."""

from __future__ import annotations

import functools
from typing import Any
from uuid import UUID

import msgspec

from annotary.eventlog.schemas import (
    access,
    audit,
    catalog,
    dispatch,
    ontology,
    quality,
    review,
    slices,
    submissions,
    subscriptions,
    webhooks,
)
from annotary.eventlog.schemas.declaring import EventType, declared_in
from annotary.eventlog.values import Event
from annotary.kernel.ids import PREFIXES

SCHEMAS_PATH = "/v1/events/schemas"
DECLARATIONS = (
    access,
    audit,
    ontology,
    catalog,
    dispatch,
    submissions,
    quality,
    review,
    slices,
    webhooks,
    subscriptions,
)
# An asset is named by its content, so its subject is the first half of its hash rather than an id of its own.
SUBJECTS = {**PREFIXES, "asset": "asset"}


class UnknownEventType(Exception):
    """An event of a type or version that is not registered: declare it in `eventlog/schemas`."""


TYPES: dict[tuple[str, int], EventType] = {
    (one.name, one.version): one for module in DECLARATIONS for one in declared_in(module)
}


def event_type(name: str, version: int) -> EventType:
    """Return what is registered under a type's name and version, or raise `UnknownEventType`."""
    try:
        return TYPES[name, version]
    except KeyError:
        raise UnknownEventType(
            f"{name!r}, version {version}, is not registered: expected a type declared in eventlog/schemas."
        ) from None


def check_event(event: Event) -> None:
    """Raise what is wrong with an event: an unknown type, or data that is not what its type declares."""
    kind = event_type(event.type, event.schema_version)
    try:
        msgspec.convert(event.data, kind.data)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{event.type}: {error}") from None


def cloud_event(event: Event) -> dict[str, Any]:
    """Return an event that was read from the log in the shape of CloudEvents 1.0 (JSON format).

    `sequence` and `traceparent` are those of the documented extensions: digits that sort as the log's numbers
    do, and the request's trace. An absent actor (the system itself) is an absent attribute, as the
    specification wants it.
    """
    kind = event_type(event.type, event.schema_version)
    assert event.occurred_at is not None and event.service, "an event read from the log knows its place"
    actor = {} if event.actor_id is None else {"actorid": _outside("member", event.actor_id)}
    trace = {} if event.traceparent is None else {"traceparent": event.traceparent}
    return {
        "specversion": "1.0",
        "id": f"{event.service}.{event.sequence}",
        "source": f"/annotary/{event.service}",
        "type": event.type,
        "subject": _outside(kind.subject, event.subject_id),
        "time": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"{SCHEMAS_PATH}/{event.type}/{event.schema_version}",
        "organisationid": _outside("organisation", event.organisation_id),
        **actor,
        **trace,
        "sequence": f"{event.sequence:019d}",
        "data": event.data,
    }


@functools.cache
def schemas() -> list[dict[str, Any]]:
    """Return what is registered, by type: `{type, version, subject, services, meaning, dataschema}`."""
    return [
        {
            "type": one.name,
            "version": one.version,
            "subject": SUBJECTS[one.subject],
            "services": list(one.services),
            "meaning": one.meaning,
            "dataschema": f"{SCHEMAS_PATH}/{one.name}/{one.version}",
        }
        for _, one in sorted(TYPES.items())
    ]


@functools.cache
def schema(name: str, version: int) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a type's data, with its meaning; raises `UnknownEventType`."""
    kind = event_type(name, version)
    (found,), parts = msgspec.json.schema_components([kind.data], ref_template="#/$defs/{name}")
    body = parts.pop(kind.data.__name__) if "$ref" in found else found
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SCHEMAS_PATH}/{name}/{version}",
        **body,
        "title": name,
        "description": kind.meaning,
        **({"$defs": parts} if parts else {}),
    }


def _outside(kind: str, value: UUID) -> str:
    return f"{SUBJECTS[kind]}_{value.hex}"
