"""Real annotators answer again through the API: what is accepted is what `annotary aggregate` says."""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench import stand as stands

from acceptance.consensus.replayed import Answers, Replayed, blocks_of

DATA = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
# So many answers of a set are given again in the tests; all of them in the soak.
ANSWERS_MOST = 1_600


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stands.Stand]:
    stand = stands.start(tmp_path_factory.mktemp("consensus") / "data")
    try:
        yield stand
    finally:
        stands.stop(stand)


def made() -> Answers:
    """Return the answers of seven annotators to 60 tasks: two know, the others guess alike."""
    chance = random.Random(11)
    answers = []
    for task in range(60):
        truth = chance.choice("abc")
        for worker, right in enumerate((0.95, 0.9, 0.5, 0.45, 0.4, 0.4, 0.35)):
            label = truth if chance.random() < right else chance.choice("aabc")
            answers.append((f"t{task}", f"w{worker}", label))
    return answers


def real(name: str) -> Answers:
    """Return the answers of a crowd of the sample data."""
    with (DATA / f"{name}.labels.csv").open(newline="") as file:
        return [(row["task"], row["worker"], row["label"]) for row in csv.DictReader(file)]


def fewer(answers: Answers) -> Answers:
    """Return the answers to some blocks of tasks, drawn with a seed; whole blocks stay as they are."""
    blocks = list(blocks_of(answers).items())
    random.Random(7).shuffle(blocks)
    kept: set[str] = set()
    count = 0
    for workers, tasks in blocks:
        if count + len(workers) * len(tasks) <= ANSWERS_MOST:
            kept |= set(tasks)
            count += len(workers) * len(tasks)
    return [one for one in answers if one[0] in kept]


has_data = pytest.mark.skipif(not DATA.is_dir(), reason="ANNOTARY_SAMPLE_DATA is not there")
SETS = [
    pytest.param(made, id="made"),
    pytest.param(lambda: real("bluebird"), id="bluebird", marks=has_data),
    pytest.param(lambda: fewer(real("rte")), id="rte", marks=has_data),
    pytest.param(lambda: fewer(real("face_sentiment")), id="face_sentiment", marks=has_data),
    pytest.param(lambda: real("rte"), id="all of rte", marks=[has_data, pytest.mark.soak]),
    pytest.param(
        lambda: real("face_sentiment"), id="all of face_sentiment", marks=[has_data, pytest.mark.soak]
    ),
]


@pytest.mark.parametrize("answers", SETS)
def test_accepted_labels_are_the_aggregators(
    stand: stands.Stand, tmp_path: Path, answers: Callable[[], Answers]
) -> None:
    replayed = Replayed(stand, tmp_path, answers())
    assert replayed.answer_all() == len(replayed.answers)
    replayed.await_outcomes()
    before = replayed.outcomes()
    assert {one["aggregator"] for one in before.values()} == {"live"}
    wanted = replayed.aggregated("auto")
    live = replayed.labels()
    same = sum(live[task] == label for task, label in wanted.items())
    assert same >= 0.85 * len(wanted), "the live model is far from the aggregator"
    run = replayed.run(body={"project": replayed.project})
    assert replayed.labels() == wanted
    assert run["summary"]["answers"] == len(wanted) - same and run["summary"]["method_used"]
    after = replayed.outcomes()
    changed = [task for task in after if after[task]["id"] != before[task]["id"]]
    assert all(after[task]["aggregator"] == "auto" and after[task]["run"] == run["id"] for task in changed)
    assert all(after[task]["aggregator_version"] and after[task]["parameters"] for task in changed)
    replayed.run(f"/{run['id']}/revert")
    content = ("answer", "confidence", "aggregator", "parameters", "submissions", "state")
    reverted = replayed.outcomes()
    for task, one in before.items():
        assert {name: reverted[task][name] for name in content} == {name: one[name] for name in content}
    replayed.run(body={"project": replayed.project, "aggregator": "majority"})
    assert replayed.labels() == replayed.aggregated("majority")
    listed = stand.call("GET", f"/v1/text/consensus/runs?project={replayed.project}")["items"]
    assert [one["reverts"] for one in listed] == [None, run["id"], None]


def test_a_batch_with_a_target_saves_answers(stand: stands.Stand, tmp_path: Path) -> None:
    target = {"kind": "confidence", "value": 0.9, "overlap_max": 7}
    replayed = Replayed(stand, tmp_path, made(), overlap=2, target=target)
    while replayed.answer():
        replayed.await_outcomes()
    report = stand.call("GET", f"/v1/text/batches/{replayed.batch}/overlap")
    assert (report["finished"], report["labels_used"]) == (60, replayed.given)
    assert 120 < replayed.given < 420 and report["saved"] == 420 - replayed.given
    assert sum(report["tasks_by_overlap"].values()) == 60 and max(map(int, report["tasks_by_overlap"])) <= 7
    for one in replayed.outcomes().values():
        assert one["confidence"] >= 0.9 or len(one["submissions"]) == 7
