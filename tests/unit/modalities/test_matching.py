"""Pairing marks across annotators, and robust statistics: cases by hand, and against trying everything."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities import matching
from annotary.modalities.answers import merge_answers
from annotary.modalities.marks import Mark
from annotary.modalities.matching import Pair, best_pairs, clusters
from annotary.modalities.robust import weighted_median

from .strategies import ITEMS, boxes, encode, validator_of

candidates = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 8).map(lambda n: n / 8), max_size=12
)


@settings(max_examples=300)
@given(candidates)
def test_the_pairing_has_the_largest_sum(found: dict[tuple[int, int], float]) -> None:
    pairs = best_pairs(Pair(overlap, *place) for place, overlap in found.items())
    assert len({pair.first for pair in pairs}) == len({pair.second for pair in pairs}) == len(pairs)
    largest = max(
        sum(found.get(place, 0.0) for place in enumerate(order)) for order in permutations(range(5))
    )
    assert sum(pair.overlap for pair in pairs) == pytest.approx(largest)


@given(candidates)
def test_a_group_too_large_is_paired_one_to_one_too(found: dict[tuple[int, int], float]) -> None:
    whole = matching._ASSIGNED_CELLS_MAX
    try:
        matching._ASSIGNED_CELLS_MAX = 0
        pairs = best_pairs(Pair(overlap, *place) for place, overlap in found.items())
    finally:
        matching._ASSIGNED_CELLS_MAX = whole
    assert len({pair.first for pair in pairs}) == len({pair.second for pair in pairs}) == len(pairs)
    taken = {pair.first for pair in pairs}, {pair.second for pair in pairs}
    assert all(i in taken[0] or j in taken[1] for i, j in found), "what could still be paired is paired"


overlaps = st.dictionaries(st.tuples(*[st.integers(0, 2)] * 4), st.floats(0.3, 1), max_size=20)


@given(overlaps, st.lists(st.lists(st.sampled_from("xy"), max_size=3), min_size=1, max_size=3))
def test_no_cluster_has_two_marks_of_one_annotator(
    found: dict[tuple[int, int, int, int], float], labels: list[list[str]]
) -> None:
    values = [[Mark(label=label) for label in value] for value in labels]

    def pairs_of(a: int, b: int) -> list[Pair]:
        places = [(i, j) for i in range(len(values[a])) for j in range(len(values[b]))]
        return [Pair(found[a, b, i, j], i, j) for i, j in places if (a, b, i, j) in found]

    made = clusters(values, pairs_of)
    assert all(len({a for a, _ in cluster}) == len(cluster) for cluster in made)
    everything = sorted(one for cluster in made for one in cluster)
    assert everything == [(a, i) for a, value in enumerate(values) for i in range(len(value))]


def test_neighbours_are_told_apart_where_the_nearest_first_would_not() -> None:
    """A box half way between two: greedily it goes with the nearer, and leaves the others without a pair."""

    def answer(*lefts: float) -> dict[str, Any]:
        return {"box": [{"label": "plain", "x": x, "y": 0, "width": 100, "height": 10} for x in lefts]}

    validator = validator_of("image", {"box": {}})
    drawn = [answer(0, 45), answer(30, 80), answer(0, 45), answer(30, 80)]
    answers = [validator.validate(encode(one), ITEMS["image"]).answer for one in drawn]
    merged = merge_answers(validator, answers, ITEMS["image"])
    assert [box.x for box in merged.value.box] == [15.0, 62.5]
    assert merged.confidence == 1.0


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 3)), min_size=1, max_size=7).filter(
        lambda votes: any(weight for _, weight in votes)
    )
)
def test_the_weighted_median_is_that_of_the_repeated_values(votes: list[tuple[int, int]]) -> None:
    repeated = [value for value, weight in votes for _ in range(weight)]
    values, weights = zip(*votes, strict=True)
    assert weighted_median(values, weights) == np.median(repeated)


@given(st.lists(boxes(), min_size=3, max_size=3), st.integers(0, 2))
def test_one_of_three_moves_nothing_beyond_the_other_two(drawn: list[dict[str, float]], wild: int) -> None:
    sides = np.array(
        [(one["x"], one["y"], one["x"] + one["width"], one["y"] + one["height"]) for one in drawn]
    )
    median = weighted_median(sides, [[1.0], [1.0], [1.0]])
    others = np.delete(sides, wild, axis=0)
    assert (others.min(axis=0) <= median).all() and (median <= others.max(axis=0)).all()
