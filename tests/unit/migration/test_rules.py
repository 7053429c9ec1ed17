"""What decides about pace, versions on trial, and the way between versions."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as some

from annotary.kernel.ids import new_id
from annotary.kernel.limits import CHANGE_DUTY_MIN, CLAIM_PACE_WINDOW_SECONDS
from annotary.migration import rules, rules_pace
from annotary.migration.errors import NoSteps
from annotary.migration.publications.rules import judge
from annotary.migration.publications.values import Rates, Watch
from annotary.migration.service_noting import Window
from annotary.migration.values import Version
from annotary.ontology.rules import content_hash, read_definition
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps

FIRST = read_definition({"tools": {"classification": {}}, "labels": [{"name": "a"}, {"name": "b"}]})


@given(some.floats(0.0001, 1.0), some.lists(some.floats(0.0, 2.0), max_size=30))
def test_the_share_of_time_stays_within_bounds_and_heeds_claims(calm: float, seen: list[float]) -> None:
    duty = 1.0
    for p99 in seen:
        before, duty = duty, rules_pace.duty(duty, p99, calm)
        assert CHANGE_DUTY_MIN <= duty <= 1.0
        if p99 >= rules_pace.allowed_seconds(calm):
            assert duty == max(CHANGE_DUTY_MIN, before / 2), "claims are too slow and nothing gives way"
        if p99 <= calm:
            assert duty >= min(1.0, before)


def test_claims_may_be_a_quarter_or_5_ms_slower() -> None:
    assert rules_pace.allowed_seconds(0.010) == pytest.approx(0.015)
    assert rules_pace.allowed_seconds(0.100) == pytest.approx(0.125)


def test_a_window_forgets_and_says_the_99th_of_100() -> None:
    took = deque(n / 1000 for n in range(1, 101))
    window = Window(took)
    assert window.look(0.0) == (100, 0.099) and not took
    took.append(5.0)
    assert window.look(1.0).claims == 101
    assert window.look(CLAIM_PACE_WINDOW_SECONDS) == (1, 5.0), "the first hundred are long ago"
    assert window.look(3 * CLAIM_PACE_WINDOW_SECONDS).claims == 0


@pytest.mark.parametrize(
    ("trial", "before", "verdict"),
    [
        (Rates(answers=10, refusals=30), Rates(answers=1000), "too_early"),
        (Rates(answers=90, refusals=10), Rates(answers=900, refusals=90), "as_before"),
        (Rates(answers=70, refusals=30), Rates(answers=1000), "worse"),
        (Rates(answers=95, refusals=5), Rates(answers=1000), "as_before"),
        (Rates(answers=100, compared=100, disagreement=0.5), Rates(compared=900, disagreement=0.1), "worse"),
        (
            Rates(answers=100, compared=100, disagreement=0.1),
            Rates(compared=900, disagreement=0.1),
            "as_before",
        ),
        (Rates(answers=100, refusals=100), Rates(), "worse"),
    ],
)
def test_a_version_on_trial_is_judged(trial: Rates, before: Rates, verdict: str) -> None:
    assert judge(trial, before, Watch()).verdict == verdict


def test_the_way_between_versions_goes_by_what_both_were_made_from() -> None:
    def after(before: Version, number: int, *steps: dict[str, object]) -> Version:
        read = read_steps(steps)
        definition = to_definition(before.definition, read)
        return Version(new_id(), number, "text", definition, content_hash(definition), before.id, read)

    first = Version(new_id(), 1, "text", FIRST, content_hash(FIRST), None, None)
    left = after(first, 2, {"step": "rename_label", "label": "a", "to": "left"})
    right = after(first, 3, {"step": "rename_label", "label": "b", "to": "right"})
    last = after(right, 4, {"step": "rename_label", "label": "a", "to": "last"})
    versions = {one.id: one for one in (first, left, right, last)}
    way = rules.way(versions, left.id, last.id)
    assert [(hop.before.number, hop.after.number) for hop in way] == [(2, 1), (1, 3), (3, 4)]
    carrier = rules.bringing(versions, left.id, last.id, is_draft=False)
    carried = carrier.carry('{"classification":[{"label":"left"}]}', '{"text":"x"}')
    assert carried.encoded == b'{"classification":[{"label":"last"}]}'
    # From what came after the target nothing is brought back: only from what it was made of, and beside it.
    assert set(rules.sources(versions, right.id)) == {first.id, left.id}
    stranger = Version(new_id(), 9, "text", FIRST, content_hash(FIRST), new_id(), ())
    with pytest.raises(NoSteps):
        rules.way(versions | {stranger.id: stranger}, stranger.id, last.id)
