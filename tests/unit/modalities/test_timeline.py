"""Presentation times, against fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.modalities.errors import InvalidAnswer, InvalidItem
from annotary.modalities.video.timeline import Timeline, pts_runs_of

from .strategies import ITEMS


def item_of(steps: list[int], first_pts: int, time_base: tuple[int, int]) -> dict[str, Any]:
    """Return the item of a clip with these steps between its frames."""
    first, runs = pts_runs_of(accumulate(steps, initial=first_pts))
    item = {**ITEMS["video"], "frame_count": len(steps) + 1, "time_base": list(time_base)}
    return item | {"first_pts": first, "pts_runs": runs}


@given(
    steps=st.lists(st.sampled_from([1, 2, 512, 1001]), max_size=40),
    first_pts=st.integers(-5_000, 1 << 40),
    time_base=st.sampled_from([(1, 12800), (1001, 30000), (1, 90000), (1, 3)]),
)
def test_times_are_those_of_the_container(
    steps: list[int], first_pts: int, time_base: tuple[int, int]
) -> None:
    timeline = Timeline.from_item(item_of(steps, first_pts, time_base))
    for frame, pts in enumerate(accumulate(steps, initial=first_pts)):
        exact = Fraction(pts * time_base[0], time_base[1])
        assert abs(Fraction(timeline.time_microseconds(frame), 1_000_000) - exact) <= Fraction(1, 2_000_000)
        assert timeline.check(frame, timeline.time_seconds(frame), "/") == timeline.time_seconds(frame)
    assert timeline.time_microseconds(len(steps) + 1) >= timeline.time_microseconds(len(steps))
    for frame in (-1, len(steps) + 2):
        with pytest.raises(IndexError):
            timeline.time_microseconds(frame)


def test_a_time_that_is_off_is_refused_with_both_values() -> None:
    timeline = Timeline(25, (1, 25), 0, [[24, 1]])
    assert timeline.check(3, None, "/time") == 0.12
    assert timeline.check(3, 0.1209, "/time") == 0.12
    for time in (0.1211, 0.1189, 3.0, float("nan")):
        with pytest.raises(InvalidAnswer, match=r"0\.12.* of frame 3") as raised:
            timeline.check(3, time, "/time")
        assert str(time) in str(raised.value)
    assert timeline.time_seconds(25) == 1.0


def test_steps_must_reach_all_frames() -> None:
    with pytest.raises(InvalidItem, match="all 300 frames, not 100 steps"):
        Timeline.from_item({**ITEMS["video"], "pts_runs": [[100, 1]]})
