"""What more answers are worth is what trying all of them shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.quality.aggregators.values import Reals
from annotary.quality.overlap.gain import gain_of_one_more


def tried(posterior: Reals, matrix: Reals, answers_most: int) -> float:
    """The best mean gain over the next answers, by going through every sequence of them."""
    best = 0.0
    for count in range(1, answers_most + 1):
        right = 0.0
        for sequence in itertools.product(range(matrix.shape[1]), repeat=count):
            right += (posterior * np.prod(matrix[:, list(sequence)], axis=1)).max()
        best = max(best, (right - posterior.max()) / count)
    return best


def shares(size: int) -> st.SearchStrategy[Reals]:
    entries = st.lists(st.floats(0.01, 1), min_size=size, max_size=size)
    return entries.map(lambda row: np.array(row) / np.sum(row))


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 3).flatmap(lambda k: st.tuples(shares(k), st.lists(shares(k), min_size=k, max_size=k))))
def test_the_gain_is_that_of_going_through_all_answers(drawn: tuple[Reals, list[Reals]]) -> None:
    posterior, rows = drawn
    matrix = np.stack(rows)
    assert gain_of_one_more(posterior, matrix, 3) == pytest.approx(tried(posterior, matrix, 3), abs=1e-9)


def test_one_answer_that_cannot_turn_the_outcome_may_begin_two_that_can() -> None:
    posterior, matrix = np.array([0.85, 0.15]), np.array([[0.8, 0.2], [0.2, 0.8]])
    assert gain_of_one_more(posterior, matrix, 1) == pytest.approx(0)
    assert gain_of_one_more(posterior, matrix, 2) > 0.005


@pytest.mark.parametrize("classes", [2, 5, 40])
def test_answers_that_say_nothing_and_answers_to_what_is_sure_are_worth_nothing(classes: int) -> None:
    blind = np.full((classes, classes), 1 / classes)
    open_question = np.full(classes, 1 / classes)
    knowing = np.full((classes, classes), 0.1 / (classes - 1))
    np.fill_diagonal(knowing, 0.9)
    sure = np.eye(classes)[1]
    assert gain_of_one_more(open_question, blind, 5) == pytest.approx(0, abs=1e-9)
    assert gain_of_one_more(sure, knowing, 5) == pytest.approx(0, abs=1e-9)
    assert gain_of_one_more(open_question, knowing, 5) > 0.05
    assert gain_of_one_more(open_question, knowing, 0) == 0


def test_the_surer_a_task_the_less_an_answer_is_worth() -> None:
    matrix = np.array([[0.75, 0.25], [0.25, 0.75]])
    gains = [gain_of_one_more(np.array([sure, 1 - sure]), matrix, 6) for sure in (0.5, 0.7, 0.9, 0.97, 0.999)]
    assert gains == sorted(gains, reverse=True) and gains[0] > gains[-1]
