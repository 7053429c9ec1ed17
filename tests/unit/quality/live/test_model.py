"""The live model's sums are those of its tasks, whatever came in whatever order; nothing counts twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.live.codes import encode
from annotary.quality.live.model import LiveModel

TASKS, ANNOTATORS, CLASSES = 5, 4, 3
# The answers to a task: who gives which class. An empty set withdraws all there were.
task_answers = st.dictionaries(
    st.integers(0, ANNOTATORS - 1), st.integers(0, CLASSES - 1), max_size=ANNOTATORS
)
updates = st.lists(st.dictionaries(st.integers(0, TASKS - 1), task_answers, min_size=1), max_size=12)


def tell(model: LiveModel, told: dict[int, dict[int, int]]) -> None:
    model.update({task: encode(pairs.items()) for task, pairs in told.items()})


def summed(model: LiveModel) -> tuple[Any, Any, Any]:
    """Return the counts, totals and shares of states that the model's tasks make."""
    counts = np.zeros((len(model._counts), CLASSES, CLASSES))
    for codes, state in zip(model.answers, model.states, strict=False):
        for code in codes:
            counts[code >> 16, :, code & 0xFFFF] += state
    return counts, counts.sum(axis=0), model.states[: len(model.answers)].sum(axis=0)


def crowd(seed: int, tasks: int = 120, accuracies: tuple[float, ...] = (0.95, 0.9, 0.9, 0.5, 0.4)) -> Any:
    chance = np.random.default_rng(seed)
    truth = chance.integers(CLASSES, size=tasks)
    given_answers = [
        {
            annotator: int(truth[task] if chance.random() < right else chance.integers(CLASSES))
            for annotator, right in enumerate(accuracies)
        }
        for task in range(tasks)
    ]
    return truth, given_answers


def answers_of(told: list[dict[int, int]]) -> Answers:
    rows = [(task, who, label) for task, pairs in enumerate(told) for who, label in pairs.items()]
    return Answers.of(*zip(*rows, strict=True), tasks=len(told), classes=CLASSES)


@settings(deadline=None)
@given(updates)
def test_the_sums_are_those_of_the_tasks(told: list[dict[int, dict[int, int]]]) -> None:
    model, standing = LiveModel(CLASSES), dict[int, dict[int, int]]()
    for one in told:
        tell(model, one)
        standing |= one
    counts, totals, states = summed(model)
    assert model._counts == pytest.approx(counts, abs=1e-9)
    assert model._totals == pytest.approx(totals, abs=1e-9)
    assert model._state_sums == pytest.approx(states, abs=1e-9)
    assert model.answered == sum(map(len, standing.values()))
    for task in range(len(model.answers)):
        expected = 1.0 if standing.get(task) else 0.0
        assert model.states[task].sum() == pytest.approx(expected)


@settings(deadline=None)
@given(updates)
def test_the_same_answers_again_change_nothing(told: list[dict[int, dict[int, int]]]) -> None:
    model, standing = LiveModel(CLASSES), dict[int, dict[int, int]]()
    for one in told:
        tell(model, one)
        standing |= one
    before = model.states.copy(), model._counts.copy()
    tell(model, standing)
    assert (model.states == before[0]).all() and (model._counts == before[1]).all()


def test_who_is_right_is_learned_from_who_agrees() -> None:
    truth, told = crowd(0)
    model = LiveModel(CLASSES)
    for task, pairs in enumerate(told):
        for count in range(1, len(pairs) + 1):
            tell(model, {task: dict(list(pairs.items())[:count])})
    assert (model.states[: len(told)].argmax(axis=1) == truth).mean() > 0.95
    diagonal = model.matrices(np.arange(5))[:, range(CLASSES), range(CLASSES)].mean(axis=1)
    assert diagonal[:3].min() > 0.8 > 0.7 > diagonal[3:].max()
    # Two who are often wrong do not outvote one who is not.
    alone = model.judge(None, encode({0: 2, 3: 1, 4: 1}.items()))
    assert alone.argmax() == 2


def test_classes_are_only_names() -> None:
    _, told = crowd(1, tasks=40)
    names = [2, 0, 1]
    one, other = LiveModel(CLASSES), LiveModel(CLASSES)
    for task, pairs in enumerate(told):
        tell(one, {task: pairs})
        tell(other, {task: {who: names[label] for who, label in pairs.items()}})
    assert other.states[:40][:, names] == pytest.approx(one.states[:40], abs=1e-6)


def test_what_an_aggregator_finds_is_taken_over_and_later_answers_move_it() -> None:
    _, told = crowd(2)
    model = LiveModel(CLASSES)
    for task, pairs in enumerate(told[:100]):
        tell(model, {task: pairs})
    snapshot = list(model.answers)
    found = aggregate(answers_of(told[:100]), "dawid-skene")
    # These come while the aggregator works: one answer is withdrawn, one task is new.
    tell(model, {3: {who: label for who, label in told[3].items() if who != 0}})
    tell(model, {100: told[100]})
    model.install(snapshot, np.asarray(found.posterior, np.float64), {3, 100})
    assert len(model.answers[3]) == 4 and len(model.answers[100]) == 5
    untouched = [task for task in range(100) if task != 3]
    assert model.states[untouched] == pytest.approx(found.posterior[untouched])
    counts, totals, states = summed(model)
    assert model._counts == pytest.approx(counts, abs=1e-6)
    assert (model._totals, model._state_sums) == (pytest.approx(totals), pytest.approx(states))
    for task, pairs in enumerate(told[101:], 101):
        tell(model, {task: pairs})
    agreed = model.states[untouched].argmax(axis=1) == found.label[untouched]
    assert agreed.mean() > 0.97, "later answers to other tasks turned what was found"


def test_answers_that_are_gone_from_the_snapshot_are_gone() -> None:
    _, told = crowd(3, tasks=20)
    model = LiveModel(CLASSES)
    for task, pairs in enumerate(told):
        tell(model, {task: pairs})
    found = aggregate(answers_of(told[:10]), "majority")
    model.install([encode(pairs.items()) for pairs in told[:10]], np.asarray(found.posterior), ())
    assert model.answered == 50 and not any(map(len, model.answers[10:]))
    assert (model.states[10:20] == 0).all()


def test_a_class_nobody_gave_before_finds_room() -> None:
    _, told = crowd(4, tasks=30)
    model = LiveModel(2)
    few = [{who: label % 2 for who, label in pairs.items()} for pairs in told]
    for task, pairs in enumerate(few):
        tell(model, {task: pairs})
    before = model.states[:30].argmax(axis=1)
    model.grow(4)
    tell(model, {30: {0: 3, 1: 3, 2: 3}})
    assert (model.states[:30].argmax(axis=1) == before).mean() > 0.9 and model.states[30].argmax() == 3
    assert np.isfinite(model._logs[:5]).all()


def test_gold_is_what_it_is_and_proves_annotators() -> None:
    told = {task: {0: task % 2, 1: 1 - task % 2, 2: 1 - task % 2} for task in range(20)}
    model, without = LiveModel(2), LiveModel(2)
    model.gold = {task: task % 2 for task in told}
    for one in (model, without):
        tell(one, told)
    assert (model.states[:20].argmax(axis=1) == np.arange(20) % 2).all()
    asked = encode({0: 0, 1: 1, 2: 1}.items())
    assert model.judge(None, asked).argmax() == 0, "the one whom gold shows right is outvoted"
    assert without.judge(None, asked).argmax() == 1
