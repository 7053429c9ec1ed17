"""Hops at the terminal and through the client."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.cli.hops import BAR_CHARACTERS, BEFORE, FULL, bars_of, duration
from annotary.client.errors import NotFound
from unit.client.platform import NOW, Replies

LABEL = {
    "submission": "sub_1",
    "task": "task_1",
    "project": "prj_1",
    "began_at": NOW,
    "total_microseconds": 9,
    "hops": [{"name": "claimed", "at": NOW, "microseconds": 9}],
    "beside": [],
    "absent": [],
}


@given(st.lists(st.integers(0, 10**12), max_size=13))
def test_bars_lie_end_to_end_and_fill_the_width(microseconds: list[int]) -> None:
    bars = bars_of(microseconds)
    assert len(bars) == len(microseconds)
    before = 0
    for bar in bars:
        assert bar == BEFORE * before + FULL * (len(bar) - before)
        before = len(bar)
    assert before == (BAR_CHARACTERS if sum(microseconds) else 0)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 µs"), (0.00042, "420 µs"), (0.0123, "12.3 ms"), (1.5, "1.5 s"), (90, "1.5 min"), (7200, "2 h")],
)
def test_durations_are_in_the_unit_that_fits(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_label_is_looked_for_in_each_modality() -> None:
    missing = httpx.Response(404, json={"code": "not_found", "detail": "There is no such submission."})
    replies = Replies(missing, httpx.Response(200, json=LABEL))
    assert replies.client.hops.of("sub_1").hops[0].microseconds == 9
    assert [request.url.path.split("/")[2] for request in replies.requests] == ["text", "image"]
    with pytest.raises(NotFound):
        Replies(missing, missing, missing).client.hops.of("sub_1")
