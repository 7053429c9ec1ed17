"""The frame that is named is the frame that is seen: read off the canvas, on clips that are hard to read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest
from bench.workspace import Workspace

from acceptance.web.conftest import OpenPage
from acceptance.web.watching import Watcher, watch
from clips.painted import PLAYABLE, STRIPS_ONLY

MakeProject = Callable[..., str]
WrongOf = Callable[..., dict[str, list[object]]]
DEFINITION = {"tools": {"tracks": {}}, "labels": [{"name": "car"}]}
SEEKS = 20
# Nine clips in a row, on a machine that may be busy.
pytestmark = pytest.mark.timeout(900)
TRIMMED = "trimmed by an edit list"
KEYS = {"f": 1, "d": -1, "v": 10, "c": -10}
# Of each clip: the number painted into its first frame, and how many frames it has.
USUAL = (0, 75)
FRAMES = {
    TRIMMED: (17, 58),
    "one long group, with sound": (0, 150),
    "VP9": (0, 60),
    "VP8, with hidden frames": (0, 60),
}


@pytest.fixture
def wrong_of(workspace: Workspace, open_page: OpenPage, make_project: MakeProject) -> WrongOf:
    """Look through clips of `painted`, one task after the other, and return what was seen wrong of each.

    `source` is where all frames must come from; without a decoder the browser has none.
    """

    def look(
        names: Iterable[str], source: str, seeks: int, *, has_decoder: bool = True
    ) -> dict[str, list[object]]:
        clips = {**PLAYABLE, **STRIPS_ONLY}
        items = [{"unique_id": name, "asset": workspace.asset(clips[name](), "video/mp4")} for name in names]
        project = make_project("video", DEFINITION, items)
        page = open_page(workspace.annotator(project))
        if not has_decoder:
            page.add_init_script("delete window.VideoDecoder")
        watcher = watch(page, project)
        seen: set[str] = set()
        wrong: dict[str, list[object]] = {}
        for item in items:
            name = watcher.unique_id
            first, count = FRAMES.get(name, USUAL)
            seen.add(name)
            if found := wrong_frames(watcher, first, count, seeks):
                wrong[name] = found
            assert watcher.see()["source"] == source, name
            if item is not items[-1]:
                watcher.submit()
        assert seen == set(names)
        return wrong

    return look


def wrong_frames(watcher: Watcher, first: int, count: int, seeks: int) -> list[object]:
    """Return what was seen wrong over random seeks, steps by key, and bursts of steps."""
    chance, wrong, frame = random.Random(count), [], 0
    for _ in range(seeks):
        way = chance.choice(["seek", "step", "burst"])
        if way == "seek":
            frame = chance.randrange(count)
            watcher.go_to(frame)
        else:
            watcher.leave_fields()
            for key in chance.choices(list(KEYS), k=1 if way == "step" else 8):
                watcher.press(key)
                frame = min(max(0, frame + KEYS[key]), count - 1)
        seen = watcher.see()
        if (seen["frame"], seen["number"]) != (frame, first + frame):
            wrong.append((way, frame, seen))
    return wrong


def test_no_wrong_frame_out_of_ranges_of_the_file(wrong_of: WrongOf) -> None:
    assert wrong_of(PLAYABLE, "packets", SEEKS) == {}


def test_no_wrong_frame_where_the_browser_has_no_decoder(
    wrong_of: WrongOf,
) -> None:
    names = [TRIMMED, "variable rate"]
    assert wrong_of(names, "strips", SEEKS // 2, has_decoder=False) == {}


def test_no_wrong_frame_of_what_browsers_cannot_decode(
    wrong_of: WrongOf,
) -> None:
    names = ["transport stream", "HEVC, open groups"]
    assert wrong_of(names, "strips", SEEKS // 2) == {}
