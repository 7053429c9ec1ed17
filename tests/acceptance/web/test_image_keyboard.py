"""Every shape on the real platform without a pointer: drawn, chosen, changed, undone, submitted by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bench.workspace import Workspace

from acceptance.web import images
from acceptance.web.conftest import OpenPage
from acceptance.web.images import MIDDLE, Drawer, near
from acceptance.web.test_image_shapes import SKELETON, pixels

Begin = Callable[[dict[str, Any]], Drawer]


@pytest.fixture
def begin(workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]) -> Begin:
    """`begin(tools)` opens a project with two labels; the cross hair waits in the middle of the image."""

    def open_one(tools: dict[str, Any]) -> Drawer:
        definition = {"tools": tools, "labels": [{"name": "car"}, {"name": "person"}]}
        project = make_project("image", definition, images.items(workspace, "first", "second"))
        drawer = Drawer(open_page(workspace.annotator(project)), project, workspace)
        drawer.open()
        drawer.await_marks(0)
        return drawer

    return open_one


def go(drawer: Drawer, right: int, down: int) -> Drawer:
    """Move by whole pixels, ten at a time as far as that goes."""
    for by, keys in ((right, ("ArrowLeft", "ArrowRight")), (down, ("ArrowUp", "ArrowDown"))):
        key = keys[by > 0]
        drawer.press(*[f"Shift+{key}"] * (abs(by) // 10), *[key] * (abs(by) % 10))
    return drawer


def test_boxes_by_keys(begin: Begin) -> None:
    drawer = begin({"box": {}}).press("n")
    go(drawer, -50, -52).press("Enter")
    go(drawer, 103, 40).press("Enter").await_marks(1).press("2")
    go(drawer, 20, 20).press("Enter")
    go(drawer, -33, 11).press("Enter").await_marks(2)
    # Tab chooses: the first is moved as one step, the second copied and the copy deleted.
    drawer.press("Escape", "Tab")
    go(drawer, 10, -3).press("Control+z", "Control+Shift+z", "Tab", "Control+d").await_marks(3)
    drawer.press("Delete").await_marks(2)
    x, y = MIDDLE
    assert drawer.stored() == {
        "box": [
            {"label": "car", "x": x - 40.0, "y": y - 55.0, "width": 103.0, "height": 40.0},
            {"label": "person", "x": x + 40.0, "y": y + 8.0, "width": 33.0, "height": 11.0},
        ]
    }


def test_rotated_boxes_by_keys(begin: Begin) -> None:
    drawer = begin({"rotated_box": {}}).press("n")
    go(drawer, 1, 0).press("Enter")
    go(drawer, 0, 60).press("Enter")
    go(drawer, -30, 0).press("Enter").await_marks(1)
    x, y = MIDDLE
    assert drawer.stored() == {
        "rotated_box": [
            {"label": "car", "x": x - 14.0, "y": y + 30.0, "width": 60.0, "height": 30.0, "angle": 90.0}
        ]
    }


def test_polygons_and_lines_by_keys(begin: Begin) -> None:
    drawer = begin({"polygon": {}, "polyline": {}}).press("Alt+1")
    for right, down in ((-20, -20), (40, 0), (0, 40)):
        go(drawer, right, down).press("Space")
    # A corner too many is taken back.
    go(drawer, -5, 7).press("Space", "Backspace", "Enter").await_marks(1)
    drawer.press("Alt+2")
    for right, down in ((10, 3), (30, 0)):
        go(drawer, right, down).press("Space")
    drawer.press("Enter").await_marks(2)
    x, y = (float(value) for value in MIDDLE)
    corners = [[x - 20, y - 20], [x + 20, y - 20], [x + 20, y + 20]]
    line = [[x + 25, y + 30], [x + 55, y + 30]]
    assert drawer.stored() == {
        "polygon": [{"label": "car", "points": corners}],
        "polyline": [{"label": "car", "points": line}],
    }


def test_keypoints_by_keys(begin: Begin) -> None:
    drawer = begin({"keypoints": {"skeletons": {"person": SKELETON}}}).press("2")
    go(drawer, 0, -50).press("Space", "o", "q")
    go(drawer, 3, 90).press("Space").await_marks(1)
    x, y = MIDDLE
    points = {"foot": [x + 3.0, y + 40.0, 1], "head": [float(x), y - 50.0, 2]}
    assert drawer.stored() == {"keypoints": [{"label": "person", "points": points}]}


def test_masks_by_keys(begin: Begin) -> None:
    drawer = begin({"mask": {}}).press("n")
    go(drawer, 1, 0).press("Space")
    go(drawer, 30, 0).press("Space", "Control+z", "Control+Shift+z", "Enter").await_marks(1)
    go(drawer, 50, 50).press("Space").await_marks(2)
    x, y = MIDDLE
    found = [pixels(mask["counts"]) for mask in drawer.stored()["mask"]]
    assert sorted(found, key=min) == [disc((x + 1, y), (x + 31, y)), disc((x + 81, y + 50))]


def disc(*middles: tuple[int, int]) -> set[tuple[int, int]]:
    """Return the pixels that a brush of radius 12 covers around each place."""
    reached = {(x + dx, y + dy) for x, y in middles for dx in range(-13, 13) for dy in range(-13, 13)}
    return {(x, y) for x, y in reached if min(near([at], x + 0.5, y + 0.5) for at in middles) <= 12}
