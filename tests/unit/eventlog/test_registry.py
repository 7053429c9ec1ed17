"""What is published of event types is true: schemas take what the registry takes, no more."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.eventlog import Event, registry
from annotary.kernel.ids import ids_of_runs, new_id, numbered_ids, numbered_runs, parse_id
from integration.facts import fact_about

ORGANISATION = new_id()
TYPES = sorted(registry.TYPES)


@pytest.mark.parametrize("name", [name for name, _ in TYPES])
def test_schemas_refuse_what_the_registry_refuses(name: str) -> None:
    published = registry.schema(name, 1)
    jsonschema.Draft202012Validator.check_schema(published)
    validator = jsonschema.Draft202012Validator(published)
    whole = fact_about(ORGANISATION, name, new_id())
    registry.check_event(whole)
    validator.validate(whole.data)
    for broken in [whole.data | {"other": 1}, *_without_one(whole)]:
        with pytest.raises(msgspec.ValidationError, match=re.escape(name)):
            registry.check_event(msgspec.structs.replace(whole, data=broken))
        assert not validator.is_valid(broken)


def _without_one(event: Event) -> list[dict[str, object]]:
    required = registry.schema(event.type, 1).get("required", [])
    return [{name: value for name, value in event.data.items() if name != one} for one in required]


@pytest.mark.parametrize("name", [name for name, _ in TYPES])
def test_events_become_cloud_events(name: str) -> None:
    at = datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC)
    told = fact_about(ORGANISATION, name, new_id())
    placed = msgspec.structs.replace(told, occurred_at=at, service="text", transaction_id=7, sequence=123)
    event = registry.cloud_event(placed)
    assert all(re.fullmatch("[a-z0-9]{1,20}", attribute) for attribute in event)
    assert (event["specversion"], event["id"], event["source"]) == ("1.0", "text.123", "/annotary/text")
    assert event["type"] == name and datetime.fromisoformat(event["time"]) == at
    prefix = registry.event_type(name, 1).subject
    if prefix != "asset":
        assert parse_id(prefix, event["subject"]) == told.subject_id
    assert event["dataschema"] == registry.schema(name, 1)["$id"]
    assert "actorid" not in event, "an absent attribute is left out"
    acted = msgspec.structs.replace(placed, actor_id=new_id(), sequence=1000)
    later = registry.cloud_event(acted)
    assert parse_id("member", later["actorid"]) == acted.actor_id
    assert later["sequence"] > event["sequence"], "sequences sort as text"


def test_what_is_not_registered_is_refused() -> None:
    for name, version in (("task.imagined", 1), ("task.done", 2)):
        with pytest.raises(registry.UnknownEventType, match=name):
            registry.event_type(name, version)


@given(
    st.sets(st.integers(0, 2**32 - 1) | st.integers(2**20 - 9, 2**20 + 9) | st.integers(0, 30), min_size=0)
)
def test_runs_are_the_ids_that_they_were_made_of(numbers: set[int]) -> None:
    id_of = numbered_ids(new_id())
    ids = [id_of(number) for number in sorted(numbers)]
    runs = numbered_runs(ids)
    assert [one.bytes for one in ids_of_runs(runs)] == ids
    starts = sum(number - 1 not in numbers for number in numbers)
    assert len(runs) == starts, "numbers that follow one another are one run"
    assert all(isinstance(first, UUID) for first, _ in runs)
