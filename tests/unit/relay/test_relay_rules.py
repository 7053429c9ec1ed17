"""What the relay decides, whatever acknowledgements and loads come, and what the environment tells it."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.eventlog.relay import rules
from annotary.eventlog.relay.values import Pace
from annotary.infra.kafka import Kafka, KafkaMissing, kafka_client
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import RELAY_EVENTS_MAX, RELAY_EVENTS_MIN, RELAY_PAUSE_SECONDS_MAX

PARTITIONS = 3
acks = st.lists(st.tuples(st.integers(0, PARTITIONS - 1), st.integers(0, 30)), max_size=40)


@given(st.lists(st.integers(0, 20), min_size=PARTITIONS, max_size=PARTITIONS), acks)
def test_an_offset_given_twice_is_seen_and_where_a_partition_ended_is_said(
    reached: list[int], given_acks: list[tuple[int, int]]
) -> None:
    after, again = rules.acknowledged(reached, given_acks)
    for partition in range(PARTITIONS):
        offsets = [offset for number, offset in given_acks if number == partition]
        path = [reached[partition] - 1, *offsets]
        grows = all(later > max(path[: place + 1]) for place, later in enumerate(path[1:]))
        assert (partition not in again) == grows
        assert after[partition] == max([reached[partition], *(offset + 1 for offset in offsets)])
        if partition in again:
            assert again[partition] < after[partition] and again[partition] in offsets


def test_a_partition_that_is_shorter_or_gone_has_lost_something() -> None:
    assert not rules.lost((), (0, 0)) and not rules.lost((3, 4), (3, 9)) and not rules.lost((3,), (3, 0))
    assert rules.lost((3, 4), (3, 3)) and rules.lost((3, 4), (3,)) and rules.lost((0, 1), ())


@given(st.lists(st.integers(0, 3 * RELAY_EVENTS_MAX), max_size=60))
def test_runs_stay_within_their_limits(seen: list[int]) -> None:
    pace = rules.FIRST_PACE
    for count in seen:
        pace = rules.next_pace(pace, min(count, pace.events))
        assert RELAY_EVENTS_MIN <= pace.events <= RELAY_EVENTS_MAX
        assert 0 <= pace.pause_seconds <= RELAY_PAUSE_SECONDS_MAX


def test_runs_grow_with_a_backlog_and_shrink_without() -> None:
    paces = [rules.ALONE]
    for _ in range(20):
        paces.append(rules.next_pace(paces[-1], paces[-1].events))
    assert paces[-1] == Pace(RELAY_EVENTS_MAX, 0.0), "a backlog is taken in the largest runs, without a pause"
    assert all(later.events in (2 * pace.events, RELAY_EVENTS_MAX) for pace, later in pairwise(paces))
    for _ in range(20):
        paces.append(rules.next_pace(paces[-1], 0))
    assert paces[-1] == Pace(RELAY_EVENTS_MIN, RELAY_PAUSE_SECONDS_MAX)
    light, heavy = (rules.next_pace(Pace(1000, 0.02), seen) for seen in (5, 900))
    assert light.pause_seconds < heavy.pause_seconds, "the fuller the last run, the longer the next collects"


def test_the_environment_says_how_kafka_is_reached() -> None:
    kafka = Kafka.from_environment(
        {
            "ANNOTARY_KAFKA_BOOTSTRAP": "one:9092,two:9092",
            "ANNOTARY_KAFKA_CREATE_TOPICS": "false",
            "ANNOTARY_KAFKA_PARTITIONS": "12",
            "ANNOTARY_KAFKA_REPLICATION": "",
            "ANNOTARY_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "ANNOTARY_KAFKA_SASL_USERNAME": "annotary",
            "ANNOTARY_KAFKA_SSL_CA_LOCATION": "/etc/ca.pem",
        }
    )
    assert (kafka.create_topics, kafka.partitions, kafka.replication) == (False, 12, -1)
    assert kafka.topic("video") == "annotary.video"
    reached = kafka.configuration()
    assert reached["bootstrap.servers"] == "one:9092,two:9092" and reached["security.protocol"] == "SASL_SSL"
    assert (reached["sasl.username"], reached["ssl.ca.location"]) == ("annotary", "/etc/ca.pem")


@pytest.mark.parametrize(
    ("variable", "text"),
    [("PARTITIONS", "0"), ("PARTITIONS", "many"), ("TOPIC_PREFIX", "a b"), ("CREATE_TOPICS", "perhaps")],
)
def test_a_wrong_variable_is_named(variable: str, text: str) -> None:
    with pytest.raises(Invalid, match=f"ANNOTARY_KAFKA_{variable}: found '{text}'"):
        Kafka.from_environment({f"ANNOTARY_KAFKA_{variable}": text})


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(KafkaMissing, match=r"annotary\[kafka\]"):
        kafka_client()
