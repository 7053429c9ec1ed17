"""Ordinal ratings and rankings: what is refused, worked examples, and rankings against trying them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.answers import agreement, merge_answers
from annotary.modalities.definitions import check_definition
from annotary.modalities.errors import InvalidAnswer, InvalidItem
from annotary.modalities.text.ranking.kemeny import Costs, best_tiers
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import read_definition

from .strategies import encode, validator_of

QUESTIONS = [{"name": "tone"}, {"name": "help"}]
SCALES = {"scales": {"tone": {"minimum": -2, "maximum": 2}}}


def rated(**levels: int) -> dict[str, Any]:
    return {"ordinal": [{"label": label, "level": level} for label, level in levels.items()]}


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (rated(help=1), "/answer/ordinal"),
        (rated(help=6, tone=0), "/answer/ordinal/0/level"),
        (rated(help=1, tone=-3), "/answer/ordinal/1/level"),
        (
            {"ordinal": [*rated(help=1, tone=0)["ordinal"], {"label": "help", "level": 1}]},
            "/answer/ordinal/2/label",
        ),
        ({"ordinal": []}, "/answer/ordinal"),
        ({}, "/answer/ordinal"),
    ],
)
def test_ratings_keep_to_their_scales(answer: Any, path: str) -> None:
    validator = validator_of("text", {"ordinal": SCALES}, QUESTIONS)
    validator.validate(encode(rated(help=5, tone=-2)), {"text": "?"})
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode(answer), {"text": "?"})
    assert raised.value.path == path


@pytest.mark.parametrize(
    ("settings_given", "path"),
    [
        ({"minimum": 5}, ""),
        ({"maximum": 5_000}, ""),
        ({"scales": {"tone": {"minimum": 2, "maximum": 2}}}, "/scales"),
        ({"scales": {"volume": {"minimum": 1, "maximum": 2}}}, "/scales/volume"),
        ({"levels": 5}, "/levels"),
    ],
)
def test_scales_that_are_none_are_refused(settings_given: Any, path: str) -> None:
    definition = read_definition({"tools": {"ordinal": settings_given}, "labels": QUESTIONS})
    with pytest.raises(InvalidOntology) as raised:
        check_definition("text", definition)
    assert (raised.value.path or "").startswith(f"/definition/tools/ordinal{path}")


@pytest.mark.parametrize(
    ("levels", "merged", "confidence"),
    [
        ((1, 4, 5), 4, 1 / 3),
        ((1, 2), 1, 0.5),
        ((1, 5), 3, 0.0),
        ((2, 3, 3, 5, 5, 5), 4, 0.0),
        ((4, 4, 1), 4, 2 / 3),
    ],
)
def test_levels_are_merged_at_their_median(levels: tuple[int, ...], merged: int, confidence: float) -> None:
    validator = validator_of("text", {"ordinal": {}}, [{"name": "help"}])
    answers = [validator.validate(encode(rated(help=level)), {"text": "?"}).answer for level in levels]
    found = merge_answers(validator, answers, {"text": "?"})
    assert found.value.ordinal[0].level == merged
    assert found.confidence == pytest.approx(confidence)
    assert sum(found.shares["ordinal"]["help"].values()) == pytest.approx(1.0)


def test_ratings_agree_by_their_distance() -> None:
    validator = validator_of("text", {"ordinal": {**SCALES, "complete": False}}, QUESTIONS)
    first, second, third = (
        validator.validate(encode(one), {"text": "?"}).answer
        for one in (rated(help=1, tone=0), rated(help=2, tone=2), rated(help=1))
    )
    assert agreement(validator, first, second, {"text": "?"}) == pytest.approx((0.75 + 0.5) / 2)
    assert agreement(validator, first, third, {"text": "?"}) == 0.5


ITEM = {"prompt": "?", "candidates": ["x", "y", "z"]}


@pytest.mark.parametrize(
    ("tiers", "path"),
    [
        ([[0], [1]], "/answer/ranking/tiers"),
        ([[0], [1, 3], [2]], "/answer/ranking/tiers/1/1"),
        ([[0], [1], [2, 0]], "/answer/ranking/tiers/2/1"),
        ([[0], [], [1, 2]], "/answer/ranking/tiers/1"),
        ([], "/answer/ranking/tiers"),
        ([[-1], [0], [1, 2]], "/answer/ranking/tiers/0/0"),
        ([["0"], [1, 2]], "/answer/ranking/tiers/0/0"),
        ([0, 1, 2], "/answer/ranking/tiers/0"),
    ],
)
def test_a_ranking_has_every_candidate_once(tiers: Any, path: str) -> None:
    validator = validator_of("text", {"ranking": {}}, [])
    canonical = validator.validate(encode({"ranking": {"tiers": [[2, 0], [1]]}}), ITEM)
    assert canonical.encoded == b'{"ranking":{"tiers":[[0,2],[1]]}}'
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode({"ranking": {"tiers": tiers}}), ITEM)
    assert raised.value.path == path


def test_ties_can_be_forbidden_and_candidates_are_needed() -> None:
    validator = validator_of("text", {"ranking": {"ties": False}}, [])
    with pytest.raises(InvalidAnswer, match="ties are not allowed"):
        validator.validate(encode({"ranking": {"tiers": [[0, 2], [1]]}}), ITEM)
    for item in ({"prompt": "?", "a": "x", "b": "y"}, {"prompt": "?", "candidates": ["x"]}):
        with pytest.raises(InvalidItem):
            validator.check_item(item)


def ranked(settings_given: Any, *answers: Any) -> tuple[list[list[int]], float]:
    validator = validator_of("text", {"ranking": settings_given}, [])
    read = [validator.validate(encode({"ranking": {"tiers": one}}), ITEM).answer for one in answers]
    merged = merge_answers(validator, read, ITEM)
    return msgspec.to_builtins(merged.value.ranking)["tiers"], round(merged.confidence, 3)


def test_rankings_are_merged_by_hand() -> None:
    assert ranked({}, [[0], [1], [2]], [[0], [2], [1]], [[1], [0], [2]]) == ([[0], [1], [2]], 0.778)
    assert ranked({}, [[0], [1], [2]], [[0], [2], [1]]) == ([[0], [1, 2]], 0.667)
    assert ranked({"ties": False}, [[0], [1], [2]], [[0], [2], [1]])[0][0] == [0]


def all_tiers(candidates: frozenset[int]) -> Iterator[list[list[int]]]:
    """Every ranking with ties."""
    if not candidates:
        yield []
    for size in range(1, len(candidates) + 1):
        for first in combinations(sorted(candidates), size):
            for rest in all_tiers(candidates - set(first)):
                yield [list(first), *rest]


def cost(tiers: list[list[int]], costs: Costs) -> float:
    place = {one: at for at, tier in enumerate(tiers) for one in tier}
    return sum(
        costs.tied[i][j]
        if place[i] == place[j]
        else costs.before[min((i, j), key=place.get)][max((i, j), key=place.get)]  # type: ignore[arg-type]
        for i, j in combinations(sorted(place), 2)
    )


@st.composite
def pair_costs(draw: Any, sizes: Any) -> Costs:
    size = draw(sizes)
    votes = draw(st.lists(st.lists(st.integers(0, 3), min_size=size, max_size=size), min_size=1, max_size=5))
    orders = [[[(a > b) - (a < b) for b in vote] for a in vote] for vote in votes]
    before = [[sum((1 + one[i][j]) / 2 for one in orders) for j in range(size)] for i in range(size)]
    tied = [[sum(abs(one[i][j]) / 2 for one in orders) for j in range(size)] for i in range(size)]
    return Costs(before, tied)


@settings(max_examples=60, deadline=None)
@given(pair_costs(st.integers(2, 5)), st.booleans())
def test_no_ranking_is_closer_to_all(costs: Costs, ties: bool) -> None:
    size = len(costs.before)
    every = (one for one in all_tiers(frozenset(range(size))) if ties or len(one) == size)
    found = best_tiers(costs, ties=ties)
    assert ties or len(found) == size
    assert cost(found, costs) == pytest.approx(min(cost(one, costs) for one in every))


@settings(max_examples=60, deadline=None)
@given(pair_costs(st.integers(9, 12)), st.booleans())
def test_many_candidates_are_ranked_once_and_no_move_helps(costs: Costs, ties: bool) -> None:
    found = best_tiers(costs, ties=ties)
    order = [one for tier in found for one in tier]
    assert sorted(order) == list(range(len(costs.before)))
    if not ties:
        least = cost(found, costs)
        for at, one in enumerate(order):
            rest = order[:at] + order[at + 1 :]
            for to in range(len(order)):
                assert cost([[x] for x in (*rest[:to], one, *rest[to:])], costs) >= least - 1e-9
