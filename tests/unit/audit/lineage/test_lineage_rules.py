"""What lineage decides: which events prove a step, what changes made of answers, which files carry it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.audit.lineage import rules
from annotary.audit.lineage.rules import Log, LogEntry
from annotary.kernel.ids import format_id, new_id

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def entry(number: int, type: str, subject: UUID, **data: Any) -> LogEntry:
    return LogEntry(f"text.{number}", type, subject, None, NOW, "", "waiting", data)


def moment(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@given(st.uuids(version=4))
def test_an_id_is_found_however_it_is_written(id: UUID) -> None:
    for written in (str(id), id.hex, format_id("task", id)):
        assert rules.ids_in(written) == {id}
        assert rules.ids_in([str(new_id()), written]) > {id}
    assert rules.ids_in(None) == rules.ids_in(7) == rules.ids_in("of no id") == set()


def test_events_prove_what_they_name_and_the_rest_is_the_tasks() -> None:
    task, one, other = new_id(), new_id(), new_id()
    log = Log(
        [
            entry(1, "task.claimed", task, assignment=str(one)),
            entry(2, "submission.received", task, submission=str(one)),
            entry(3, "submission.received", task, submission=str(other)),
            entry(4, "outcome.accepted", task, outcome=str(new_id()), submissions=[str(one), str(other)]),
            entry(5, "task.done", task),
        ]
    )
    assert log.naming("submission.", "submission", one) == ["text.2"]
    assert log.naming("outcome.", "submissions", other) == ["text.4"]
    assert log.rest(task) == ["text.1", "text.3", "text.5"]


def test_a_range_of_ids_covers_its_ends_and_nothing_beyond() -> None:
    subject, ids = new_id(), sorted(new_id() for _ in range(5))
    log = Log([entry(1, "tasks.released", subject, first=ids[1].hex, last=ids[3].hex)])
    covered = [bool(log.spanning("tasks.released", subject, id)) for id in ids]
    assert covered == [False, True, True, True, False]
    assert not rules.spans({"first": ids[0].hex}, ids[0])


def test_assets_are_found_wherever_a_payload_names_them() -> None:
    one, two = "a" * 64, "b" * 64
    payload = {
        "asset": one,
        "messages": [{"content": {"assets": [two, one]}}],
        "text": "c" * 64,
        "x": {"asset": "no"},
    }
    assert rules.asset_hashes(payload) == [one, two]
    assert rules.asset_hashes(None) == []


@given(st.lists(st.integers(0, 2), min_size=1, max_size=6))
def test_changes_of_an_answer_follow_one_another(contents: list[int]) -> None:
    subject, version, changes = new_id(), new_id(), sorted(new_id() for _ in contents)
    rows = [
        {
            "subject_id": subject,
            "change_id": change,
            "content_hash": bytes([it]),
            "ontology_version_id": version,
        }
        for change, it in zip(changes, contents, strict=True)
    ]
    now = (b"now", version)
    found = rules.changed(rows[::-1], {subject: now})
    assert [one.row["change_id"] for one in found] == changes
    assert [one.before for one in found] == [(bytes([it]), version) for it in contents]
    assert [one.after for one in found] == [*(one.before for one in found[1:]), now]


@pytest.mark.parametrize(
    ("accepted", "superseded", "carried"),
    [
        (0, None, "whole"),
        (0, 30, "whole"),
        (0, 15, "perhaps"),
        (15, None, "perhaps"),
        (0, 5, None),
        (25, None, None),
    ],
)
def test_a_file_carries_what_stood_while_it_was_written(
    accepted: int, superseded: int | None, carried: str | None
) -> None:
    until = None if superseded is None else moment(superseded)
    assert rules.carrying(moment(accepted), until, moment(10), moment(20)) == carried


def test_a_prediction_is_accepted_edited_unused_or_waits() -> None:
    said = {"content_hash": b"1", "answer": '{"classification":[{"label":"car"}]}'}
    edited = {"content_hash": b"2", "answer": '{"classification":[{"label":"van"}]}'}
    assert rules.use_of(said, dict(said)) == ("accepted", [])
    use, words = rules.use_of(said, edited)
    assert use == "edited" and "van" in "".join(words)
    assert rules.whole_use(["edited", "accepted"], True) == "accepted"
    assert rules.whole_use(["edited"], True) == "edited"
    assert (rules.whole_use([], True), rules.whole_use([], False)) == ("unused", "waiting")
