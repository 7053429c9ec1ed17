"""Outcomes reach whoever trains on them: each change once, in order, over kills, and typed."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from acceptance.streams.conftest import Place, label
from annotary.client.errors import AnnotaryClientError
from annotary.client.streams import Accepted, Corrected, OutcomeChange, Retracted
from annotary.client.streams_jsonl import OutcomesFile

LANES = 3


def take(changes: Iterator[OutcomeChange], count: int) -> list[OutcomeChange]:
    return list(itertools.islice(changes, count))


def test_corrections_and_retractions_come_typed_and_resume(place: Place, tmp_path: Path) -> None:
    project, annotator = place.project(4)
    changes = place.client.stream_outcomes(project)
    labelled = label(annotator, project, 4)
    accepted = take(changes, 4)
    assert all(isinstance(one, Accepted) for one in accepted)
    assert {one.outcome.task for one in accepted} == {task for task, _ in labelled}
    assert accepted[0].item["text"] and accepted[0].outcome.answer == {"classification": [{"label": "good"}]}
    task, submission = labelled[0]
    annotator.submissions.revise("text", submission, {"classification": [{"label": "bad"}]}, seconds=1)
    (corrected,) = take(changes, 1)
    assert isinstance(corrected, Corrected) and corrected.outcome.task == task
    assert corrected.outcome.answer == {"classification": [{"label": "bad"}]}
    assert corrected.supersedes in {one.outcome.id for one in accepted}
    assert place.client.tasks.act("text", "requeue", [labelled[1][0]], reason="look again") == 1
    (retracted,) = take(changes, 1)
    assert isinstance(retracted, Retracted) and retracted.outcome.task == labelled[1][0]
    where = {"label": "good"}
    steps = [{"step": "merge_labels", "labels": ["good"], "into": "bad"}]
    place.client.changes.correct("text", project, reason="all were bad", filter=where, steps=steps)
    changed = take(changes, 2)
    assert all(isinstance(one, Corrected) and one.supersedes == one.outcome.id for one in changed)
    assert {one.outcome.task for one in changed} == {task for task, _ in labelled[2:]}
    assert all(one.outcome.answer == corrected.outcome.answer for one in changed)
    # Behind any of the cursors the same follows; without a cursor all of it, each change once.
    again = list(place.client.stream_outcomes(project, cursor=accepted[1].cursor, follow=False))
    assert [one.id for one in again] == [one.id for one in [*accepted[2:], corrected, retracted, *changed]]
    lanes = [
        list(place.client.stream_outcomes(project, lane=lane, lanes=LANES, follow=False))
        for lane in range(LANES)
    ]
    assert sorted(one.id for lane in lanes for one in lane) == sorted(
        one.id for one in [*accepted, corrected, retracted, *changed]
    )


def size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def test_the_file_goes_on_exactly_where_it_was_killed(place: Place, tmp_path: Path) -> None:
    tasks, chance = 300, random.Random(4)
    project, annotator = place.project(tasks)
    file = tmp_path / "outcomes.jsonl"
    working = threading.Thread(target=label, args=(annotator, project, tasks))
    working.start()
    kills = 0
    while working.is_alive() or kills < 3:
        sink = place.command("outcomes", "stream", "--project", project, "--out", str(file))
        # Killed once it has written something, or when there is nothing more to write.
        before, deadline = size_of(file), time.monotonic() + 5 + chance.random()
        while size_of(file) <= before and time.monotonic() < deadline:
            time.sleep(0.01)
        sink.send_signal(signal.SIGKILL)
        sink.communicate()
        kills += 1
        # What a kill in the middle of a write, or of the machine, leaves behind.
        with file.open("ab") as torn:
            torn.write(b'{"kind":"accepted","cursor":"WyJ0')
        if not working.is_alive() and kills >= 3:
            break
    working.join()
    outcomes: dict[str, str] = {}
    with OutcomesFile(file), pytest.raises(AnnotaryClientError, match="another process"):
        OutcomesFile(file)
    while len(outcomes) < tasks:
        end = place.command(
            "outcomes", "stream", "--project", project, "--out", str(file), "--no-follow", "--json"
        )
        told, said = end.communicate(timeout=240)
        assert end.returncode == 0, said
        assert json.loads(told)["ok"]
        lines = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
        outcomes = {line["outcome"]["task"]: line["outcome"]["id"] for line in lines}
    assert len({line["id"] for line in lines}) == len(lines) == tasks, "each change stands there once"
    assert outcomes == {one.task: one.id for one in place.client.outcomes.list("text", project)}


def test_the_stream_outlives_the_service(place: Place) -> None:
    project, annotator = place.project(60)
    changes = place.client.stream_outcomes(project)
    label(annotator, project, 20)
    first = take(changes, 20)
    os.kill(place.stand.pid("text"), signal.SIGKILL)
    label(annotator, project, 40)
    rest = take(changes, 40)
    told = [one.id for one in [*first, *rest]]
    assert len(set(told)) == 60 == len({one.outcome.task for one in [*first, *rest]})


def test_as_a_dataset_of_torch_each_change_comes_once_over_workers(place: Place) -> None:
    data = pytest.importorskip("torch.utils.data")
    from annotary.client.torch_dataset import OutcomesDataset

    project, annotator = place.project(30)
    label(annotator, project, 30)
    assert len(take(place.client.stream_outcomes(project), 30)) == 30

    def loaded(**more: object) -> list[tuple[str, int, str]]:
        dataset = OutcomesDataset(
            place.stand.url, place.stand.owner_token, project, follow=False, transform=task_of, **more
        )
        return list(data.DataLoader(dataset, batch_size=None, num_workers=2))

    samples = loaded()
    assert len({task for task, _, _ in samples}) == 30 == len(samples)
    assert {lane for _, lane, _ in samples} == {0, 1}
    cursors = [[cursor for _, lane, cursor in samples if lane == one][4] for one in (0, 1)]
    later = loaded(cursors=cursors)
    assert len(later) == 20 and {one[0] for one in later} < {one[0] for one in samples}


def task_of(change: OutcomeChange) -> str:
    """At the top of the module: workers that are spawned have to find it."""
    return change.outcome.task
