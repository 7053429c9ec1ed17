"""A project's measures from its sums: those of the answers themselves; sums forget without a trace."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.quality.agreement import rules
from annotary.quality.agreement.alpha import krippendorff_alpha
from annotary.quality.agreement.values import Level
from annotary.quality.agreement.values_project import ComparedTask, Numbers
from unit.quality.agreement.compared import compared, measured, task_of, validator_of

LABELS = ("x", "y", "z")
SETS = {
    "tools": {"classification": {"multiple": True, "required": False}},
    "labels": [{"name": n} for n in LABELS],
}
RATED = {"tools": {"ordinal": {"maximum": 4}}, "labels": [{"name": "clear"}]}
TWICE = {"tools": {"ordinal": {"maximum": 4}}, "labels": [{"name": "clear"}, {"name": "kind"}]}
ITEM = {"text": "a"}
OF_SETS, OF_LEVELS = validator_of("text", SETS), validator_of("text", RATED)

label_sets = st.frozensets(st.sampled_from(LABELS), max_size=3)
people = st.dictionaries(st.integers(1, 5), label_sets, min_size=1, max_size=4)
crowds = st.lists(people, min_size=1, max_size=8)


def sets_task(number: int, answers: dict[int, Any]) -> ComparedTask:
    given_sets = [{"classification": [{"label": one} for one in sorted(each)]} for each in answers.values()]
    return task_of(number, compared(OF_SETS, ITEM, given_sets), list(answers))


def levels_task(number: int, levels: dict[int, int]) -> ComparedTask:
    answers = [{"ordinal": [{"label": "clear", "level": level}]} for level in levels.values()]
    return task_of(number, compared(OF_LEVELS, ITEM, answers), list(levels))


def jaccard_alpha(units: list[list[Any]]) -> float | None:
    """Alpha from all pairs of answers, by its definition."""
    several = [unit for unit in units if len(unit) > 1]
    answers = [one for unit in several for one in unit]

    def apart(a: Any, b: Any) -> float:
        return 1 - len(a & b) / len(a | b) if a | b else 0.0

    def mean(pairs: Any) -> float:
        return 2 * sum(apart(a, b) for a, b in pairs)

    expected = mean(combinations(answers, 2)) / max(1, len(answers) - 1)
    observed = sum(mean(combinations(unit, 2)) / (len(unit) - 1) for unit in several)
    return 1 - observed / expected if expected else None


@settings(max_examples=60, deadline=None)
@given(crowds)
def test_alpha_of_sets_is_its_definition(crowd: list[dict[int, Any]]) -> None:
    tasks = [sets_task(number, answers) for number, answers in enumerate(crowd)]
    found = {name: value[0] for group in measured(tasks) for name, value in group.measures.items()}
    if any(len(one) > 1 for answers in crowd if len(answers) > 1 for one in answers.values()):
        known = jaccard_alpha([list(answers.values()) for answers in crowd])
        assert found["alpha_jaccard"] == pytest.approx(known, abs=1e-9)
    else:
        assert "alpha_jaccard" not in found
    for group in measured(tasks, "label", "alpha"):
        binary = [[group.label in one for one in answers.values()] for answers in crowd]
        units = np.repeat(np.arange(len(binary)), [len(one) for one in binary])
        known = krippendorff_alpha(units, np.array(list(chain(*binary)), dtype=np.int64), 2)
        value = group.measures["alpha_nominal"][0]
        assert (np.isnan(known) and value is None) or value == pytest.approx(known, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.integers(1, 5), st.integers(1, 4), min_size=1), min_size=1, max_size=8))
def test_alphas_of_levels_are_those_of_the_answers(crowd: list[dict[int, int]]) -> None:
    tasks = [levels_task(number, levels) for number, levels in enumerate(crowd)]
    units = np.repeat(np.arange(len(crowd)), [len(one) for one in crowd])
    levels = np.array([level - 1 for one in crowd for level in one.values()], dtype=np.int64)
    groups = measured(tasks)
    assert bool(groups) == any(len(one) > 1 for one in crowd)
    kinds: tuple[Level, ...] = ("ordinal", "interval")
    for group in groups:
        for level in kinds:
            known = krippendorff_alpha(units, levels, 4, level, np.arange(1.0, 5.0))
            value = group.measures[f"alpha_{level}"][0]
            assert (np.isnan(known) and value is None) or value == pytest.approx(known, abs=1e-9)


@given(st.lists(people, min_size=2, max_size=6), st.lists(people, min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_what_is_taken_out_leaves_no_trace(first: list[Any], second: list[Any]) -> None:
    before = [sets_task(number, answers) for number, answers in enumerate(first)]
    after = [sets_task(number, answers) for number, answers in enumerate(second)]
    here, change, there = (rules.difference(*each) for each in ((before, []), (after, before), (after, [])))
    for had, moved, has in zip(here, change, there, strict=True):
        reached = {key: had.get(key, Numbers()).plus(moved.get(key, Numbers())) for key in {*had, *moved}}
        assert {key: one for key, one in reached.items() if one != Numbers()} == has
    assert rules.difference(after, after) == ({}, {})


def test_several_questions_have_the_mean_of_their_alphas_and_one_each() -> None:
    validator, tasks = validator_of("text", TWICE), []
    chance = np.random.default_rng(0)
    for number in range(30):
        truth = int(chance.integers(1, 5))
        rated = [
            {
                "ordinal": [
                    {"label": "clear", "level": truth},
                    {"label": "kind", "level": int(chance.integers(1, 5))},
                ]
            }
            for _ in range(3)
        ]
        tasks.append(task_of(number, compared(validator, ITEM, rated), [1, 2, 3]))
    by_label = {one.label: one.measures["alpha_ordinal"] for one in measured(tasks, "label")}
    assert by_label["clear"][0] == pytest.approx(1.0) and abs(by_label["kind"][0] or 1) < 0.3
    (group,) = measured(tasks, measure="alpha_ordinal")
    value, low, high = group.measures["alpha_ordinal"]
    assert value == pytest.approx(np.mean([one[0] for one in by_label.values()])) and group.tasks == 30
    assert low is not None and high is not None and low < value < high


def test_two_annotators_have_an_interval_that_holds() -> None:
    """The mean of scores of 0 and 1 over n tasks: its interval is that of a share."""
    tasks = [levels_task(number, {1: 1, 2: 1 if number % 4 else 4}) for number in range(400)]
    (group,) = measured(tasks, "pair")
    value, low, high = group.measures["mean_agreement"]
    margin = 1.96 * (0.75 * 0.25 / 399) ** 0.5
    assert (value, low, high) == pytest.approx((0.75, 0.75 - margin, 0.75 + margin), abs=1e-4)
    assert (group.tasks, len(group.key)) == (400, 2) and group.measures["cohen_kappa"][0] == pytest.approx(0)


def test_the_digest_of_a_row_depends_on_all_of_its_key() -> None:
    sums = rules.difference([sets_task(1, {1: frozenset("x"), 2: frozenset("y"), 3: frozenset()})], []).sums
    digests = {rules.digest_of(key) for key in sums}
    assert len(digests) == len(sums) > 3 and all(len(one) == 16 for one in digests)
