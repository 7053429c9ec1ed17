"""A mixture is only as sure as it foretells answers, and being less sure changes no label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.quality.aggregators.auto import mix
from annotary.quality.aggregators.measures import calibration_error
from annotary.quality.aggregators.sharpness import POWERS, best_power, sharpened
from annotary.quality.aggregators.values import Answers, Integers
from unit.quality.aggregators.crowds import made_crowd

TASKS, ANNOTATORS, CLASSES = 600, 12, 3


def misleading(seed: int, share: float) -> tuple[Answers, Integers]:
    """Return a crowd in which a share of the tasks looks to three of ten people like another class."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(CLASSES, size=TASKS)
    other = (truth + chance.integers(1, CLASSES, size=TASKS)) % CLASSES
    is_odd = chance.random(TASKS) < share
    task, annotator = (grid.ravel() for grid in np.indices((TASKS, ANNOTATORS)))
    seen = np.where(is_odd[task] & (chance.random(len(task)) < 0.3), other[task], truth[task])
    slips = chance.random(len(task)) < 0.1
    label = np.where(slips, chance.integers(CLASSES, size=len(task)), seen)
    return Answers.of(task, annotator, label), truth


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_crowd_that_is_misled_together_is_believed_less(seed: int) -> None:
    answers, truth = misleading(seed, 0.7)
    found = mix(answers)
    as_is = replace(found, evidence=replace(found.evidence, power=1.0)).posterior()
    sharp = found.posterior()
    assert found.evidence.power < 0.85
    np.testing.assert_array_equal(sharp.argmax(axis=1), as_is.argmax(axis=1))
    errors = [calibration_error(one.argmax(axis=1), one.max(axis=1), truth) or 0 for one in (sharp, as_is)]
    assert errors[0] < errors[1] - 0.005


def test_a_crowd_whose_answers_are_independent_is_believed() -> None:
    made = made_crowd(4, tasks=1500, annotators=30, classes=3, answers_per_task=6)
    assert mix(made.answers).evidence.power > 0.85


@given(
    st.lists(
        st.lists(st.just(0.0) | st.floats(1e-6, 1), min_size=3, max_size=3).filter(any),
        min_size=1,
        max_size=9,
    ),
    st.floats(0.1, 1),
)
def test_a_power_keeps_the_order_of_classes_and_certainty(rows: list[list[float]], power: float) -> None:
    shares = np.array(rows)
    shares /= shares.sum(axis=1, keepdims=True)
    found = sharpened(shares, power)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (np.sign(np.diff(found)) * np.sign(np.diff(shares)) >= 0).all()
    assert (found.max(axis=1) <= shares.max(axis=1) + 1e-12).all()
    assert (found[shares == 1] == 1).all() and (found[shares == 0] == 0).all()


def test_the_best_power_is_that_of_the_answers() -> None:
    chance = np.random.default_rng(8)
    sure = chance.dirichlet([0.1, 0.1, 0.1], size=4000)
    drawn = [chance.choice(3, p=row) for row in sharpened(sure, 0.4)]
    foretold = np.stack([sharpened(sure, power)[np.arange(4000), drawn] for power in POWERS])
    rows = foretold[:, :, None].clip(1e-9, None)
    assert best_power(np.ones(1), rows, np.ones(4000)) == pytest.approx(0.4, abs=0.04)
    assert best_power(np.ones(1), rows[:, :0], np.ones(0)) == 1.0
