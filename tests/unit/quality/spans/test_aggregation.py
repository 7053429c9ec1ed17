"""Spans of a whole project: better than votes, right on real tags, and the same under other names."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections import Counter
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.cli.main import application
from annotary.kernel.errors import Invalid
from annotary.quality.spans.aggregation import aggregate
from annotary.quality.spans.candidates import Candidates, best_threshold, posterior_of
from annotary.quality.spans.chain import Chain, forward_backward, is_legal
from annotary.quality.spans.measures import score
from annotary.quality.spans.values import ScoredSpan, Span, SpanTask
from unit.quality.spans.made_texts import crowd


def f1(outcome: list[list[ScoredSpan]], truth: list[list[Span]]) -> float:
    found = score(outcome, truth)
    assert found
    return found.f1


def votes(tasks: list[SpanTask]) -> list[list[ScoredSpan]]:
    """The spans that more than half marked exactly."""
    outcome = []
    for task in tasks:
        counts = Counter(span for spans in task.answers.values() for span in spans)
        outcome.append([ScoredSpan(one, 1.0) for one, n in counts.items() if 2 * n > len(task.answers)])
    return outcome


@pytest.mark.parametrize("seed", range(3))
def test_it_is_better_than_votes_and_knows_who_is_careful(seed: int) -> None:
    tasks, truth = crowd(120, seed)
    found = aggregate(tasks)
    assert f1(found.spans, truth) > f1(votes(tasks), truth) + 0.1
    skills = {who: one.f1 for who, one in found.annotators.items()}
    careful = {who for who in skills if int(who[1:]) % 2}
    assert min(skills[who] for who in careful) > max(skills[who] for who in skills.keys() - careful)
    for task, spans in zip(tasks, found.spans, strict=True):
        marked = {span for one in task.answers.values() for span in one}
        assert {one.span for one in spans} <= marked, "only what somebody marked comes out"
        assert all(one.span.end <= other.span.start for one, other in pairwise(spans))


def test_names_and_order_change_nothing_but_names() -> None:
    tasks, _ = crowd(40, 7)
    source = random.Random(1)
    names = {f"w{number}": f"{source.random()}" for number in range(12)}
    labels = {"person": "x", "place": "a", "thing": "m"}

    def renamed(task: SpanTask) -> SpanTask:
        answers = {
            names[who]: [span._replace(label=labels[span.label]) for span in spans]
            for who, spans in task.answers.items()
        }
        return task._replace(answers=dict(source.sample(sorted(answers.items()), len(answers))))

    order = source.sample(range(len(tasks)), len(tasks))
    plain, other = aggregate(tasks), aggregate([renamed(tasks[at]) for at in order])
    for place, at in enumerate(order):
        expected = [(one.span.start, one.span.end, labels[one.span.label]) for one in plain.spans[at]]
        assert [tuple(one.span) for one in other.spans[place]] == expected
        sure = [one.confidence for one in plain.spans[at]]
        assert [one.confidence for one in other.spans[place]] == pytest.approx(sure, abs=1e-6)
    assert {names[who]: one.f1 for who, one in plain.annotators.items()} == pytest.approx(
        {who: one.f1 for who, one in other.annotators.items()}, abs=1e-6
    )


def test_gold_is_believed_against_everybody() -> None:
    tasks, truth = crowd(60, 3)
    wrong = [Span(0, 2, "thing")]
    everybody = {f"w{number}": wrong for number in range(12)}
    tasks[0] = SpanTask(24, everybody, gold=truth[0])
    found = aggregate(tasks)
    assert [one.span for one in found.spans[0]] == truth[0]
    assert all(one.confidence > 0.99 for one in found.spans[0])


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [SpanTask(0, {})],
        [SpanTask(5, {})],
        [SpanTask(5, {"a": [], "b": []})],
        [SpanTask(0, {"a": []}), SpanTask(3, {"a": []})],
    ],
)
def test_nothing_marked_is_nothing_found(tasks: list[SpanTask]) -> None:
    assert aggregate(tasks).spans == [[] for _ in tasks]


def test_one_annotator_is_believed() -> None:
    spans = [Span(0, 1, "x"), Span(1, 3, "x"), Span(3, 4, "y")]
    found = aggregate([SpanTask(4, {"a": spans})] * 3)
    assert [one.span for one in found.spans[0]] == spans


def test_of_marks_that_overlap_the_longest_counts() -> None:
    tasks = [SpanTask(6, {who: [Span(0, 4, "x"), Span(1, 2, "y")] for who in "abc"})] * 4
    found = aggregate(tasks)
    assert found.overlapping == 12
    assert [one.span for one in found.spans[0]] == [Span(0, 4, "x")]


@pytest.mark.parametrize("span", [Span(-1, 2, "x"), Span(2, 2, "x"), Span(3, 6, "x")])
def test_a_span_outside_its_text_is_refused(span: Span) -> None:
    with pytest.raises(Invalid, match="/tasks/1/answers/b"):
        aggregate([SpanTask(5, {"a": []}), SpanTask(5, {"b": [span]})])


def by_enumeration(evidence: Any, chain: Chain, start: int, end: int, kind: int) -> float:
    """The probability of a span, by adding up all ways through the states."""
    states, types = len(chain.first), len(chain.first) // 2
    whole = part = 0.0
    for way in product(range(states), repeat=len(evidence)):
        weight = chain.first[way[0]] * np.prod([chain.following[a, b] for a, b in pairwise(way)])
        weight *= np.prod([evidence[at, state] for at, state in enumerate(way)])
        whole += weight
        inside = all(state == 1 + types + kind for state in way[start + 1 : end])
        ends = end == len(way) or way[end] != 1 + types + kind
        part += weight * (way[start] == 1 + kind and inside and ends)
    return float(part / whole)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1 << 20), types=st.integers(1, 2), start=st.integers(0, 3), size=st.integers(1, 4))
def test_the_probability_of_a_span_is_that_of_all_ways(seed: int, types: int, start: int, size: int) -> None:
    chance = np.random.default_rng(seed)
    states, tokens = 2 * types + 1, 4
    end, kind = min(tokens, start + size), int(chance.integers(types))
    first = np.where(np.arange(states) <= types, chance.random(states), 0.0)
    following = np.where(is_legal(types), chance.random((states, states)), 0.0)
    chain = Chain(first / first.sum(), following / following.sum(axis=1, keepdims=True))
    evidence = chance.random((tokens, states)) + 0.01
    # A second text in front, so that places are counted over all texts.
    offsets = np.array([0, 2, 2 + tokens])
    seen = np.vstack((chance.random((2, states)) + 0.01, evidence))
    passed = forward_backward(offsets, np.log(seen), chain)
    found = Candidates(*(np.array([value]) for value in (1, 2 + start, 2 + end, kind)))
    assert posterior_of(found, offsets, passed, chain)[0] == pytest.approx(
        by_enumeration(evidence, chain, start, end, kind), rel=1e-6
    )


@given(st.lists(st.floats(0, 1), max_size=8).map(np.array))
def test_no_other_threshold_expects_a_larger_f1(probability: Any) -> None:
    threshold, best = best_threshold(probability)
    if probability.sum() > 0:
        expected = [
            2 * probability[probability >= each].sum() / ((probability >= each).sum() + probability.sum())
            for each in [*probability, threshold]
        ]
        assert best == pytest.approx(max(expected)) and expected[-1] == pytest.approx(best)


def test_the_goal_on_real_tags(capsys: pytest.CaptureFixture[str]) -> None:
    named = os.environ.get("ANNOTARY_SAMPLE_DATA", "")
    if not named:
        pytest.skip("ANNOTARY_SAMPLE_DATA names no folder of sample data")
    file = Path(named) / "ner" / "conll_mturk_tags.jsonl.gz"
    arguments = ["spans", "aggregate", str(file), "--json"]
    application(arguments)(arguments, standalone_mode=False)
    said = json.loads(capsys.readouterr().out)
    assert said["f1"] >= 0.74 and said["seconds"] < 5
    with gzip.open(file, "rt") as lines:
        assert (said["tasks"], said["annotators"]) == (sum(1 for _ in lines), 47)
