"""Skill and what follows from it: properties that hold for any judged answers."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.projects.quality import QualitySettings
from annotary.quality.gold import rules as gold_rules
from annotary.quality.skill import rules
from annotary.quality.skill.values import Judged, Standing

sources = st.sampled_from(("gold", "qualification", "review", "consensus"))
scores = st.floats(0, 1)
judged = st.builds(Judged, sources, scores, st.dictionaries(st.sampled_from("abc"), scores))


def settings_of(**quality: Any) -> QualitySettings:
    return msgspec.convert(quality, QualitySettings)


@given(answers=st.lists(judged, min_size=1, max_size=60), seed=st.integers())
def test_a_skill_lies_in_its_interval_whatever_the_order(answers: list[Judged], seed: int) -> None:
    found = rules.estimate(answers)
    assert found and 0 <= found.low < found.skill < found.high <= 1
    random.Random(seed).shuffle(answers)
    again = rules.estimate(answers)
    assert again and again.skill == pytest.approx(found.skill)
    assert found.gold_answers + found.agreed_answers == len(answers)
    for one in rules.label_skills(answers).values():
        assert 0 <= one.low < one.skill < one.high <= 1 and one.answers <= len(answers)


@given(answers=st.lists(judged, max_size=40), source=sources)
def test_a_right_answer_raises_a_skill_and_a_wrong_one_lowers_it(answers: list[Judged], source: Any) -> None:
    before = rules.estimate([*answers, Judged("gold", 0.5, {})])
    better = rules.estimate([*answers, Judged("gold", 0.5, {}), Judged(source, 1.0, {})])
    worse = rules.estimate([*answers, Judged("gold", 0.5, {}), Judged(source, 0.0, {})])
    assert before and better and worse and worse.skill < before.skill < better.skill


@given(score=scores, count=st.integers(1, 30))
def test_four_agreements_weigh_as_one_known_answer(score: float, count: int) -> None:
    known = rules.estimate([Judged("gold", score, {})] * count)
    agreed = rules.estimate([Judged("consensus", score, {})] * (4 * count))
    assert known and agreed and known.skill == pytest.approx(agreed.skill)
    assert known.high - known.low == pytest.approx(agreed.high - agreed.low)


@given(answers=st.lists(judged, max_size=60), bar=scores, answers_min=st.integers(1, 40))
def test_nobody_is_paused_on_less_than_was_asked_for(
    answers: list[Judged], bar: float, answers_min: int
) -> None:
    asked = settings_of(skill={"pause_below": bar, "answers_min": answers_min})
    found = rules.estimate(answers)
    weight = sum(0.25 if one.source == "consensus" else 1.0 for one in answers)
    paused = rules.next_move(Standing(state="active", skill=found), asked)
    assert (paused is not None) == (found is not None and weight >= answers_min and found.skill < bar)
    assert rules.next_move(Standing(state="active", skill=found), settings_of()) is None
    assert rules.next_move(Standing(state="paused", skill=found), asked) is None


@given(results=st.lists(scores, max_size=12), tasks=st.integers(1, 8), pass_at=scores)
def test_a_gate_opens_or_closes_once_all_was_answered(
    results: list[float], tasks: int, pass_at: float
) -> None:
    asked = settings_of(qualification={"tasks": tasks, "pass_at": pass_at})
    answered = tuple(results[:tasks])
    move = rules.next_move(Standing(state="qualifying", skill=None, qualification=answered), asked)
    if len(answered) < tasks:
        assert move is None
    else:
        passed = sum(answered) / tasks >= pass_at
        assert move is not None and move.state == ("active" if passed else "paused")


@given(known=st.lists(st.one_of(st.none(), scores), max_size=8))
def test_who_is_not_known_weighs_as_much_as_the_others(known: list[float | None]) -> None:
    members = {UUID(int=number): skill for number, skill in enumerate(known)}
    weights = rules.vote_weights(members)
    some = [skill for skill in known if skill is not None]
    expected = sum(some) / len(some) if some else 1.0
    assert weights == {
        member: pytest.approx(expected if skill is None else skill) for member, skill in members.items()
    }


def test_draws_keep_their_rate_and_depend_on_the_seed() -> None:
    answers = [UUID(int=number) for number in range(20_000)]
    drawn = {seed: [gold_rules.is_drawn(UUID(int=seed), one, 0.05) for one in answers] for seed in (1, 2)}
    for found in drawn.values():
        assert 0.042 < sum(found) / len(found) < 0.058, "five standard deviations"
    assert drawn[1] != drawn[2]
    assert not any(gold_rules.is_drawn(UUID(int=1), one, 0.0) for one in answers)


@given(found=st.lists(scores, max_size=20))
def test_a_known_answer_is_doubted_by_several_who_are_sure(found: list[float]) -> None:
    assert not gold_rules.is_doubtful(found[:4])
    assert not gold_rules.is_doubtful([*found, *[1.0] * (len(found) + 5)])
    assert gold_rules.is_doubtful([0.0] * 5) and not gold_rules.is_doubtful([0.5] * 100)
