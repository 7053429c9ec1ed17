"""Kappas and percent agreement: published tables, symmetry, bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.quality.agreement.bootstrap import one_block
from annotary.quality.agreement.cohen import cohen_kappa
from annotary.quality.agreement.fleiss import fleiss_kappa
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.pairs import PairTable, pair_tables
from annotary.quality.agreement.percent import percent_agreement, specific_agreement
from annotary.quality.agreement.values import Answers

# Ten subjects, fourteen raters, five categories: the worked example that goes with Fleiss' kappa, 0.210.
TEN_SUBJECTS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip
cells = st.lists(st.integers(0, 5), min_size=9, max_size=9).filter(lambda counts: sum(counts) > 0)


def pair_table(counts: list[int]) -> PairTable:
    size = int(len(counts) ** 0.5)
    rows, columns = np.divmod(np.arange(size**2), size)
    kept = np.array(counts) > 0
    return PairTable(0, 1, rows[kept], columns[kept], np.array(counts)[kept])


def answers_of(triples: list[tuple[int, int, int]], annotators: int, labels: int) -> Answers:
    """Answers from unit, annotator and label."""
    units, people, given_labels = np.array(triples).T
    names = [str(number) for number in range(int(units.max()) + 1)]
    rows = np.arange(len(triples))
    return Answers(
        units, people, given_labels, names, list("abcdefgh")[:annotators], list("uvwxyz")[:labels], rows
    )


def test_the_published_fleiss_kappa_comes_out() -> None:
    units = np.repeat(np.arange(10), 14)
    labels = np.concatenate([np.repeat(np.arange(5), row) for row in TEN_SUBJECTS])
    answers = Pairable(units, labels, 5)
    assert fleiss_kappa(answers, one_block(10)).values()[0] == pytest.approx(0.2099307)
    assert percent_agreement(answers, one_block(10)).values()[0] == pytest.approx(0.3780220)


def test_a_published_cohen_kappa_comes_out() -> None:
    percent, kappa = cohen_kappa(pair_table([20, 5, 10, 15]), 1000, 0)
    assert percent.value == pytest.approx(0.7) and kappa.value == pytest.approx(0.4)
    # The standard error by Fleiss, Cohen and Everitt (1969) is 0.128.
    assert kappa.low == pytest.approx(0.4 - 1.96 * 0.128, abs=0.04)
    assert kappa.high == pytest.approx(0.4 + 1.96 * 0.128, abs=0.04)


@given(cells)
def test_cohens_kappa_is_symmetric_bounded_and_one_for_no_difference(counts: list[int]) -> None:
    turned = np.array(counts).reshape(3, 3).T.ravel().tolist()
    (percent, kappa), (percent_turned, kappa_turned) = (
        cohen_kappa(pair_table(each), 0, 0) for each in (counts, turned)
    )
    assert percent.value == percent_turned.value
    if kappa.value is None or kappa_turned.value is None:
        assert kappa == kappa_turned and percent.value == 1
    else:
        assert kappa.value == pytest.approx(kappa_turned.value) and -1 - 1e-9 <= kappa.value <= 1 + 1e-9
        assert (kappa.value == pytest.approx(1)) == (percent.value == 1)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=20))
def test_every_pair_of_annotators_is_found_with_what_both_said(triples: list[tuple[int, int, int]]) -> None:
    given_labels = {(one, who): label for one, who, label in triples}
    answers = answers_of([(one, who, label) for (one, who), label in given_labels.items()], 5, 3)
    expected: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (one, who), label in given_labels.items():
        for other in range(who + 1, 5):
            if (one, other) in given_labels:
                expected.setdefault((who, other), []).append((label, given_labels[one, other]))
    tables, total = pair_tables(answers, 100)
    found = {}
    for table in tables:
        labels = zip(table.first_labels.tolist(), table.second_labels.tolist(), strict=True)
        found[table.first, table.second] = dict(zip(labels, table.counts.tolist(), strict=True))
    assert total == len(expected)
    assert found == {pair: {each: said.count(each) for each in said} for pair, said in expected.items()}
    assert [table.shared for table in tables] == sorted(
        (len(said) for said in expected.values()), reverse=True
    )


def test_specific_agreement_of_two_is_the_f1_of_one_against_the_other() -> None:
    first, second = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 2])
    answers = Pairable(np.tile(np.arange(6), 2), np.concatenate([first, second]), 4)
    found: Any = specific_agreement(answers, one_block(6)).values()
    assert found[:3] == pytest.approx([2 * 2 / 6, 2 * 1 / 4, 1.0]) and np.isnan(found[3])
