"""Tracks and segments on the real platform: drawn by hand or by keys alone, and what is stored of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bench.workspace import Workspace
from playwright.sync_api import expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.test_accessible import THEMES
from acceptance.web.watching import Watcher, watch
from clips.painted import HEIGHT, PLAYABLE, VARIABLE, WIDTH

MakeProject = Callable[..., str]
DEFINITION = {
    "tools": {"tracks": {}, "segments": {}},
    "labels": [
        {
            "name": "car",
            "tools": ["tracks"],
            "attributes": [{"name": "braking", "kind": "boolean", "per": "frame"}],
        },
        {"name": "rally", "tools": ["segments"]},
    ],
}


@pytest.fixture
def project(workspace: Workspace, make_project: MakeProject) -> str:
    asset = workspace.asset(PLAYABLE["variable rate"](), "video/mp4")
    return make_project(
        "video", DEFINITION, [{"unique_id": "one", "asset": asset}, {"unique_id": "two", "asset": asset}]
    )


@pytest.fixture
def watcher(workspace: Workspace, open_page: OpenPage, project: str) -> Watcher:
    return watch(open_page(workspace.annotator(project)), project)


def time_of(frame: int) -> float:
    """Return when a frame of the clip is shown, in seconds, as the clip was made."""
    rounds, place = divmod(frame, len(VARIABLE))
    return (rounds * (VARIABLE[-1] + 40) + VARIABLE[place]) / 1000


def drag(watcher: Watcher, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag the mouse from one point of the picture to another."""
    view = watcher.page.get_by_test_id("view").evaluate("(element) => ({...element.dataset})")
    room = watcher.page.get_by_test_id("frame").bounding_box()
    assert room
    places = [
        (
            room["x"] + float(view["left"]) + x * float(view["scale"]),
            room["y"] + float(view["top"]) + y * float(view["scale"]),
        )
        for x, y in (start, end)
    ]
    mouse = watcher.page.mouse
    mouse.move(*places[0])
    mouse.down()
    mouse.move(*places[1], steps=4)
    mouse.up()


def corners(keyframe: dict[str, Any]) -> tuple[float, ...]:
    return tuple(keyframe[side] for side in ("x", "y", "width", "height"))


def test_a_track_and_a_segment_drawn_by_hand_are_stored_with_the_frames_times(
    watcher: Watcher, workspace: Workspace, project: str
) -> None:
    watcher.go_to(5)
    watcher.see()
    watcher.leave_fields()
    watcher.press("n")
    drag(watcher, (40, 60), (100, 120))
    watcher.press("v")
    watcher.await_frame(15)
    drag(watcher, (70, 90), (130, 100))
    watcher.press("Control+z", "Control+Shift+z")
    watcher.press("v", "o")
    watcher.await_frame(25)
    watcher.press("Escape", "Escape", "[", "v", "f", "]")
    watcher.await_frame(36)
    watcher.submit()
    watcher.await_saved()
    answer = workspace.stored_answer(project, "one")
    (track,) = answer["tracks"]
    assert (track["label"], track["id"]) == ("car", "1")
    first, second, outside = track["keyframes"]
    assert [one["frame"] for one in track["keyframes"]] == [5, 15, 25]
    assert [one["time"] for one in track["keyframes"]] == pytest.approx(
        [time_of(frame) for frame in (5, 15, 25)], abs=1e-6
    )
    assert corners(first) == pytest.approx((40, 60, 60, 60), abs=1.0)
    assert corners(second) == pytest.approx((100, 70, 60, 60), abs=1.5)
    assert outside["visible"] is False and "visible" not in second
    (segment,) = answer["segments"]
    assert (segment["label"], segment["start_frame"], segment["end_frame"]) == ("rally", 25, 37)
    assert (segment["start_time"], segment["end_time"]) == pytest.approx((time_of(25), time_of(37)), abs=1e-6)


def test_everything_goes_by_keyboard_alone(watcher: Watcher, workspace: Workspace, project: str) -> None:
    watcher.leave_fields()
    watcher.press("n", *["Shift+ArrowLeft"] * 4, "Enter", *["Shift+ArrowRight"] * 3)
    watcher.press(*["Shift+ArrowDown"] * 2, "Enter")
    watcher.press("v", "ArrowRight", "Shift+ArrowRight")
    watcher.await_frame(10)
    watcher.press("v", "k")
    watcher.await_frame(20)
    braking = watcher.page.get_by_role("switch", name="braking")
    braking.focus()
    watcher.press("Space")
    watcher.leave_fields()
    watcher.press("c", "k", "Control+z")
    watcher.await_frame(10)
    watcher.press("[", "f", "f", "]", "Escape")
    watcher.press("Shift+f")
    watcher.await_frame(20)
    watcher.press("Shift+d")
    watcher.await_frame(10)
    for theme in THEMES:
        watcher.page.emulate_media(color_scheme=theme)
        assert violations(watcher.page) == []
    watcher.submit()
    watcher.await_saved()
    answer = workspace.stored_answer(project, "one")
    (track,) = answer["tracks"]
    first, second, third = track["keyframes"]
    assert [one["frame"] for one in track["keyframes"]] == [0, 10, 20]
    assert corners(first) == (WIDTH / 2 - 40, HEIGHT / 2, 30, 20)
    assert corners(second) == (WIDTH / 2 - 40 + 11, HEIGHT / 2, 30, 20)
    assert corners(third) == corners(second) and third["attributes"] == {"braking": True}
    (segment,) = answer["segments"]
    assert (segment["start_frame"], segment["end_frame"]) == (10, 13)


def test_the_picture_is_where_playing_stops(watcher: Watcher) -> None:
    watcher.leave_fields()
    watcher.press("Space")
    expect(watcher.page.get_by_test_id("frame")).not_to_have_attribute("data-shown", "0")
    watcher.press("Space")
    seen = watcher.see()
    assert seen["number"] == seen["frame"] > 0
    expect(watcher.page.get_by_label("Frame number")).to_have_value(str(seen["frame"]))
    watcher.page.get_by_role("slider", name="Timeline").focus()
    watcher.press("Home", "ArrowRight", "PageUp")
    assert watcher.see()["number"] == 11
