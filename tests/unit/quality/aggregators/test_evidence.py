"""Gold, weights, abstentions and who is good: evidence counts as it should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.quality.aggregators import METHODS, Answers, aggregate
from annotary.quality.aggregators.evidence import stack
from unit.quality.aggregators.crowds import made_crowd

LEARNING = tuple(method for method in METHODS if method != "majority")


@pytest.mark.parametrize("method", LEARNING)
@given(
    seed=st.integers(0, 10_000),
    others=st.integers(2, 7),
    classes=st.integers(2, 4),
    colluding=st.booleans(),
)
@settings(max_examples=15, deadline=None)
def test_a_perfect_annotator_is_never_outvoted_once_gold_shows_it(
    method: str, seed: int, others: int, classes: int, colluding: bool
) -> None:
    chance = np.random.default_rng(seed)
    tasks, known = 160, 80
    truth = chance.integers(classes, size=tasks)
    guesses = chance.integers(classes, size=(tasks, 1 if colluding else others))
    said = np.concatenate([truth[:, None], np.broadcast_to(guesses, (tasks, others))], axis=1)
    answers = Answers.of(
        np.repeat(np.arange(tasks), others + 1),
        np.tile(np.arange(others + 1), tasks),
        said.ravel(),
        gold=dict(enumerate(truth[:known].tolist())),
        classes=classes,
    )
    outcome = aggregate(answers, method)
    assert (outcome.label == truth).all()
    assert outcome.skill[0] == max(outcome.skill) and outcome.skill[0] > 0.85


@pytest.mark.parametrize("method", METHODS)
def test_gold_is_kept_and_known_without_answers(method: str) -> None:
    made = made_crowd(3, tasks=100, annotators=10)
    answers = made.answers
    against = {task: int((made.truth[task] + 1) % 3) for task in range(5)}
    with_gold = Answers.of(
        answers.task, answers.annotator, answers.label, gold=against | {100: 2}, tasks=102, classes=3
    )
    outcome = aggregate(with_gold, method)
    assert [int(outcome.label[task]) for task in range(5)] == list(against.values())
    assert outcome.label[100] == 2 and outcome.confidence[100] == pytest.approx(1)
    # A task of which nothing is known has no label, and no confidence.
    assert outcome.label[101] == -1 and outcome.confidence[101] == 0


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_abstentions_never_hurt(method: str, seed: int) -> None:
    made = made_crowd(seed, tasks=50, annotators=9)
    chance, one = np.random.default_rng(seed), made.answers
    extra = 40
    with_abstentions = Answers.of(
        np.concatenate([chance.integers(50, size=extra), one.task]),
        np.concatenate([chance.integers(9, size=extra), one.annotator]),
        np.concatenate([np.full(extra, -1), one.label]),
        tasks=50,
        annotators=9,
        classes=3,
    )
    np.testing.assert_array_equal(
        aggregate(with_abstentions, method).posterior, aggregate(one, method).posterior
    )


@pytest.mark.parametrize("method", LEARNING[1:])
def test_a_weight_of_two_counts_as_two_answers(method: str) -> None:
    one = made_crowd(8, tasks=80, annotators=10).answers
    twice = Answers.of(*(np.concatenate([column] * 2) for column in (one.task, one.annotator, one.label)))
    weighed = Answers.of(one.task, one.annotator, one.label, weight=np.full(len(one), 2.0))
    np.testing.assert_allclose(
        aggregate(twice, method).posterior, aggregate(weighed, method).posterior, atol=1e-6
    )
    none = Answers.of(
        np.concatenate([one.task, one.task]),
        np.concatenate([one.annotator, one.annotator]),
        np.concatenate([one.label, (one.label + 1) % 3]),
        weight=np.concatenate([np.ones(len(one)), np.zeros(len(one))]),
    )
    np.testing.assert_allclose(aggregate(none, method).posterior, aggregate(one, method).posterior)


def test_skill_ranks_annotators_as_they_are() -> None:
    made = made_crowd(11, tasks=1500, annotators=30, answers_per_task=6, spammers=0.2)
    right = np.diagonal(made.habits, axis1=1, axis2=2).mean(axis=1)
    for method in LEARNING:
        assert np.corrcoef(aggregate(made.answers, method).skill, right)[0, 1] > 0.9


def test_stacking_finds_the_mixture_that_foretells_best() -> None:
    chance = np.random.default_rng(4)
    likelihoods = chance.random((500, 3)) ** np.array([1.0, 1.5, 6.0])
    weights = chance.random(500) + 0.5
    found = stack(likelihoods, weights)
    best = float(weights @ np.log(likelihoods @ found))
    assert found.sum() == pytest.approx(1)
    for other in chance.dirichlet(np.ones(3), 300):
        assert float(weights @ np.log(likelihoods @ other)) <= best + 0.05
