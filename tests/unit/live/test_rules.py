"""Nothing waits without bound, nothing is lost in silence, and nobody hears what is not theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.eventlog.values import Position
from annotary.identity.values import Caller, Role
from annotary.kernel.errors import AnnotaryError, Malformed
from annotary.kernel.ids import new_id
from annotary.live.rules import Ring, Seal, Waiting, admit, name_of, shown, topic_of
from annotary.live.values import Found, PresenceState, Present, ProjectState, Told, Topic
from annotary.quality.values import Progress

PROJECT, OTHER, ORGANISATION = new_id(), new_id(), new_id()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def caller(role: Role = Role.ANNOTATOR, **projects: Role) -> Caller:
    return Caller(new_id(), ORGANISATION, role, "Ada", {PROJECT: Role.ANNOTATOR, **projects})


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans())), st.integers(1, 5))
def test_what_waits_is_bounded_and_what_is_dropped_is_told(steps: list[Any], most: int) -> None:
    waiting = Waiting(most)
    put: dict[str, list[int]] = {topic: [] for topic in "abc"}
    heard: dict[str, list[int]] = {topic: [] for topic in "abc"}
    gaps: set[str] = set()

    def take() -> None:
        message = waiting.take()
        if message is None:
            return
        found = msgspec.json.decode(message)
        if found["type"] == "gap":
            gaps.add(found["topic"])
        else:
            heard[found["topic"]].append(found["number"])

    for number, (topic, replaces, takes) in enumerate(steps):
        put[topic].append(number)
        message = msgspec.json.encode({"type": "x", "topic": topic, "number": number})
        waiting.put(topic, message, replaces=replaces)
        assert len(waiting) <= most + len(put)
        if takes:
            take()
    while len(waiting):
        take()
    assert waiting.take() is None
    for topic, numbers in put.items():
        assert heard[topic] == sorted(heard[topic]), "messages of a topic keep their order"
        replaced = {number for number in numbers if steps[number][1]}
        lost = set(numbers) - set(heard[topic])
        assert lost <= replaced or topic in gaps, "only a state may give way in silence"
        if numbers:
            assert (heard[topic] and heard[topic][-1] == numbers[-1]) or topic in gaps


@given(st.lists(st.integers(1, 100), unique=True), st.integers(0, 101), st.integers(0, 3))
def test_a_ring_gives_all_that_was_missed_or_says_that_it_cannot(
    places: list[int], since: int, floor: int
) -> None:
    ring = Ring(Position(0, floor), notices_max=5)
    told = [Told(Position(0, place), {}) for place in sorted(places) if place > floor]
    for one in told:
        ring.add(one)
    missed = [one for one in told if one.position.sequence > since]
    found = ring.after(Position(0, since))
    assert found is None or list(found) == missed
    assert (found is None) == (since < floor or len(missed) > 5 or ring.floor > Position(0, since))


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_sealed_place_opens_with_the_key_alone_and_shows_nothing(transaction: int, sequence: int) -> None:
    place = Position(transaction, sequence)
    seal = Seal(b"key")
    first, second = seal.seq_of(place), seal.seq_of(place)
    assert seal.position_of(first) == Seal(b"key").position_of(second) == place
    # Two readings do not even tell whether the log moved in between.
    assert first != second and Seal(b"other").position_of(first) != place


@pytest.mark.parametrize("seq", ["", "1-2", "é" * 32, "A" * 31, "A" * 400])
def test_what_is_no_seq_is_refused(seq: str) -> None:
    with pytest.raises(Malformed, match="expected the seq"):
        Seal(b"key").position_of(seq)


@given(st.text(max_size=60))
def test_a_name_is_that_of_one_topic_or_refused(text: str) -> None:
    who = caller()
    try:
        assert name_of(topic_of(text, who)).lower() == text.lower()
    except AnnotaryError as error:
        assert error.code == "not_found"


def test_topics_are_named_as_they_are_asked_for() -> None:
    who = caller()
    assert topic_of("me", who) == Topic("me", who.member_id)
    for text in (f"project:prj_{PROJECT.hex}", f"task:asg_{PROJECT.hex}", f"presence:prj_{PROJECT.hex}"):
        assert name_of(topic_of(text, who)) == text


def test_only_who_is_on_a_project_hears_it_and_a_task_only_its_holder() -> None:
    state: Any = None
    on, off = Found(ORGANISATION, PROJECT, None, state), Found(ORGANISATION, OTHER, None, state)
    for kind in ("project", "presence"):
        topic = Topic(kind, PROJECT)  # type: ignore[arg-type]
        assert admit(caller(), topic, on) == Role.ANNOTATOR
        assert admit(caller(Role.OWNER), topic, off) == Role.OWNER
        for bad in (off, None, on._replace(organisation_id=new_id())):
            with pytest.raises(AnnotaryError) as refused:
                admit(caller(), topic, bad)
            assert refused.value.code == "not_found"
    who = caller()
    task = Topic("task", new_id())
    assert admit(who, task, on._replace(member_id=who.member_id)) == Role.ANNOTATOR
    # Not even owners: what somebody holds is theirs.
    for other, found in ((caller(Role.OWNER), on), (who, off), (who, None)):
        with pytest.raises(AnnotaryError):
            admit(other, task, found and found._replace(member_id=who.member_id))
    with pytest.raises(AnnotaryError):
        admit(who, Topic("me", new_id()), None)


def test_annotators_hear_round_numbers_and_no_names() -> None:
    counts = Progress(
        tasks=1234, open=1001, paused=0, done=7, cancelled=0, submissions=7, outcomes=7, blocked=0
    )
    project = ProjectState("prj_1", "x", "active", 1, "onv_1", 0, counts)
    present = PresenceState(2, [Present("mem_1", "Ben", "task_1", NOW)])

    def heard(data: Any, role: Role) -> Any:
        return msgspec.json.decode(shown(Found(ORGANISATION, PROJECT, None, data), role))

    assert heard(project, Role.REVIEWER)["progress"]["done"] == 7
    assert heard(project, Role.ANNOTATOR)["progress"]["done"] == 0
    assert heard(present, Role.REVIEWER)["members"][0]["name"] == "Ben"
    assert heard(present, Role.ANNOTATOR) == {"count": 2, "members": []}
    assert isinstance(PROJECT, UUID)
