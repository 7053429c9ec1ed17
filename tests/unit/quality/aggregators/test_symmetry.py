"""Names and order mean nothing: renaming classes, annotators or tasks renames the outcome and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotary.quality.aggregators import METHODS, Answers, aggregate
from annotary.quality.aggregators.auto import _LARGE_ANSWERS_MIN as LARGE_ANSWERS_MIN
from annotary.quality.aggregators.values import Integers
from unit.quality.aggregators.crowds import made_crowd


def renamed(answers: Answers, seed: int) -> tuple[Answers, Integers, Integers, Integers]:
    """Return the same answers in another order under other numbers, and the numbers' new places."""
    chance = np.random.default_rng(seed)
    task, annotator, label = (
        chance.permutation(count) for count in (answers.tasks, answers.annotators, answers.classes)
    )
    order = chance.permutation(len(answers))
    other = Answers.of(
        task[answers.task[order]],
        annotator[answers.annotator[order]],
        label[answers.label[order]],
        gold={int(task[one]): int(label[known]) for one, known in answers.gold.items()},
        tasks=answers.tasks,
        annotators=answers.annotators,
        classes=answers.classes,
    )
    return other, task, annotator, label


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 10_000), classes=st.integers(2, 4), per_task=st.integers(2, 6), gold=st.booleans())
# Agreements that gold makes equal, but for their last digits.
@example(seed=4098, classes=3, per_task=4, gold=True)
@example(seed=7608, classes=3, per_task=5, gold=True)
@settings(max_examples=12, deadline=None)
def test_renaming_changes_nothing_but_names(
    method: str, seed: int, classes: int, per_task: int, gold: bool
) -> None:
    made = made_crowd(seed, tasks=60, annotators=9, classes=classes, answers_per_task=per_task, spammers=0.2)
    answers = made.answers
    if gold:
        known = dict(enumerate(made.truth[:8].tolist()))
        answers = Answers.of(
            answers.task, answers.annotator, answers.label, gold=known, tasks=60, classes=classes
        )
    other, task, annotator, label = renamed(answers, seed + 1)
    before, after = aggregate(answers, method), aggregate(other, method)
    assert before.method_used == after.method_used
    # Sums in another order differ in their last digits, and rounds that end earlier by a little more.
    np.testing.assert_allclose(after.posterior[task][:, label], before.posterior, atol=1e-4)
    np.testing.assert_allclose(after.skill[annotator], before.skill, atol=1e-4)
    assert after.tie_share == pytest.approx(before.tie_share)
    assert after.log_likelihood == pytest.approx(before.log_likelihood, rel=1e-4)


def test_renaming_changes_nothing_in_a_large_set() -> None:
    made = made_crowd(5, tasks=LARGE_ANSWERS_MIN // 4, annotators=60, answers_per_task=4)
    assert len(made.answers) >= LARGE_ANSWERS_MIN
    other, task, _, label = renamed(made.answers, 6)
    before, after = aggregate(made.answers), aggregate(other)
    np.testing.assert_allclose(after.posterior[task][:, label], before.posterior, atol=1e-4)


@given(seed=st.integers(0, 10_000), method=st.sampled_from(METHODS))
@settings(max_examples=15, deadline=None)
def test_an_outcome_is_a_distribution_and_its_label_the_likeliest(seed: int, method: str) -> None:
    outcome = aggregate(made_crowd(seed, tasks=40, annotators=8).answers, method)
    np.testing.assert_allclose(outcome.posterior.sum(axis=1), 1, atol=1e-9)
    assert (outcome.posterior >= 0).all()
    assert (outcome.label == outcome.posterior.argmax(axis=1)).all()
    np.testing.assert_allclose(outcome.confidence, outcome.posterior.max(axis=1))
    assert ((outcome.skill > 0) & (outcome.skill < 1)).all()
