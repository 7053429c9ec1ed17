"""Every shape on the real platform, by pointer: drawn, edited, undone, submitted, and stored exactly so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bench.workspace import Workspace

from acceptance.web import images
from acceptance.web.conftest import OpenPage
from acceptance.web.images import HEIGHT, WIDTH, Drawer, Place, StartImage, near, rounded
from annotary.modalities.image.mask.run_length import decode_counts

CARS = [{"name": "car"}, {"name": "person"}]
SKELETON = {"points": ["head", "hip", "foot"], "edges": [["head", "hip"], ["hip", "foot"]]}


@pytest.fixture
def start(workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]) -> StartImage:
    """`start(tools, labels=..., suggestion=None)` opens a project of two images, the first one in front."""

    def open_one(
        tools: dict[str, Any],
        labels: list[dict[str, Any]] = CARS,
        suggestion: dict[str, Any] | None = None,
    ) -> Drawer:
        definition = {"tools": tools, "labels": labels}
        suggestions = {"first": suggestion} if suggestion else None
        rows = images.items(workspace, "first", "second")
        project = make_project("image", definition, rows, suggestions=suggestions)
        drawer = Drawer(open_page(workspace.annotator(project)), project, workspace)
        drawer.open()
        drawer.await_marks(len(next(iter(suggestion.values()))) if suggestion else 0)
        return drawer

    return open_one


def test_boxes_are_dragged_pulled_moved_and_undone(start: StartImage) -> None:
    drawer = start({"box": {}}).at_full_size()
    drawer.drag((50, 40), (80, 90), (120, 100)).press("2").drag((300, 200), (250, 150))
    drawer.await_marks(2).press("Escape")
    drawer.click((60, 50)).drag((120, 100), (140, 110))  # by its corner
    drawer.drag((260, 160), (270, 180))  # by its inside
    drawer.drag((100, 60), (130, 80)).press("Control+z")
    drawer.drag((275, 185), (300, 250)).press("Delete").await_marks(1).press("Control+z", "Control+z")
    assert drawer.await_marks(2).stored() == {
        "box": [
            {"label": "car", "x": 50.0, "y": 40.0, "width": 90.0, "height": 70.0},
            {"label": "person", "x": 260.0, "y": 170.0, "width": 50.0, "height": 50.0},
        ]
    }


def test_a_box_drawn_on_a_zoomed_image_is_where_it_was_drawn(start: StartImage) -> None:
    drawer = start({"box": {}})
    drawer.press("=", "=")
    corner, other = (150.3, 120.7), (230.9, 170.1)
    drawer.drag(corner, other)
    (box,) = drawer.await_marks(1).stored()["box"]
    for name, value in (("x", 150.3), ("y", 120.7), ("width", 80.6), ("height", 49.4)):
        assert box[name] == pytest.approx(value, abs=0.03)
        assert box[name] == rounded(box[name])


def test_rotated_boxes_are_pulled_out_and_turned(start: StartImage) -> None:
    drawer = start({"rotated_box": {}}).at_full_size()
    drawer.drag((100, 100), (180, 100)).click((150, 140)).await_marks(1).press("Escape")
    drawer.click((140, 120))
    drawer.page.keyboard.down("Shift")
    drawer.drag((140, 74), (250, 10))  # its handle above
    drawer.page.keyboard.up("Shift")
    drawer.drag((140, 120), (170, 150)).press("Control+z")
    assert drawer.stored() == {
        "rotated_box": [
            {"label": "car", "x": 140.0, "y": 120.0, "width": 80.0, "height": 40.0, "angle": 45.0}
        ]
    }


def test_polygons_are_clicked_and_get_and_lose_corners(start: StartImage) -> None:
    drawer = start({"polygon": {}}).at_full_size()
    drawer.click((100, 80), (220, 40), (340, 80), (220, 120), (101, 82)).await_marks(1)
    drawer.press("Escape").click((220, 80))
    drawer.drag((280, 100), (300, 140))  # from the middle of a side
    drawer.drag((340, 80), (90, 200)).drag((300, 140), (310, 150)).press("Control+z")
    drawer.page.keyboard.down("Alt")
    drawer.click((220, 40))
    drawer.page.keyboard.up("Alt")
    points = [[100.0, 80.0], [340.0, 80.0], [300.0, 140.0], [220.0, 120.0]]
    assert drawer.stored() == {"polygon": [{"label": "car", "points": points}]}


def test_polylines_end_with_a_double_click_and_keep_their_order(start: StartImage) -> None:
    drawer = start({"polyline": {}}).at_full_size()
    drawer.click((320, 280), (330, 200))
    drawer.page.mouse.dblclick(*drawer.on_page((200, 50)))
    drawer.await_marks(1).press("Escape").click((325, 240))
    drawer.drag((330, 200), (300, 210)).press("Control+z", "Control+Shift+z")
    points = [[320.0, 280.0], [300.0, 210.0], [200.0, 50.0]]
    assert drawer.stored() == {"polyline": [{"label": "car", "points": points}]}


def test_keypoints_are_placed_occluded_left_out_and_moved(start: StartImage) -> None:
    tools = {"keypoints": {"skeletons": {"person": SKELETON}}}
    drawer = start(tools, [{"name": "person"}]).at_full_size()
    drawer.click((100, 50)).press("q").click((110, 150)).press("o").await_marks(1)
    drawer.click((300, 50), (310, 150), (305, 250)).await_marks(2).press("Escape")
    drawer.click((105, 100)).drag((100, 50), (90, 40)).press("Control+z").drag((100, 50), (95, 45))
    drawer.click((305, 100), (310, 150)).press("q")
    drawer.click((305, 250)).press("o")
    assert drawer.stored() == {
        "keypoints": [
            {"label": "person", "points": {"head": [95.0, 45.0, 2], "hip": [110.0, 150.0, 1]}},
            {"label": "person", "points": {"head": [300.0, 50.0, 2], "hip": [310.0, 150.0, 1]}},
        ]
    }


def test_masks_are_painted_erased_and_filled_pixel_by_pixel(start: StartImage) -> None:
    drawer = start({"mask": {}}).at_full_size()
    stroke = [(60, 60), (120, 80), (160, 60)]
    drawer.drag(*stroke).await_marks(1)
    drawer.drag((200, 200), (250, 200)).press("Control+z")
    drawer.press("e").click((120, 80)).press("e", "f").drag((300, 200), (350, 200), (350, 250), (300, 250))
    (mask,) = drawer.await_marks(1).stored()["mask"]

    def painted(x: float, y: float) -> bool:
        drawn = near(stroke, x, y) <= 12 and near([(120, 80)], x, y) > 12
        return drawn or (300 < x < 350 and 200 < y < 250)

    assert mask["size"] == [HEIGHT, WIDTH]
    assert pixels(mask["counts"]) == {
        (x, y) for x in range(WIDTH) for y in range(HEIGHT) if painted(x + 0.5, y + 0.5)
    }


def pixels(counts: str) -> set[tuple[int, int]]:
    """Return the pixels of a mask."""
    found: set[tuple[int, int]] = set()
    at = 0
    for index, count in enumerate(decode_counts(counts, WIDTH * HEIGHT)):
        if index % 2:
            found.update(divmod(pixel, HEIGHT) for pixel in range(at, at + count))
        at += count
    return found


def test_suggestions_are_edited_accepted_or_left_out(start: StartImage) -> None:
    boxes = [box_at((20, 20)), box_at((200, 20)), box_at((200, 150))]
    drawer = start({"box": {}}, suggestion={"box": boxes}).at_full_size().press("Escape")
    drawer.click((40, 40)).drag((40, 40), (60, 50))
    drawer.press("a", "Control+z")
    drawer.click((220, 40)).press("Delete", "a").await_marks(2)
    assert drawer.stored() == {"box": [box_at((40, 30)), box_at((200, 150))]}


def box_at(place: Place) -> dict[str, Any]:
    return {"label": "car", "x": float(place[0]), "y": float(place[1]), "width": 50.0, "height": 40.0}


def test_a_mark_is_drawn_anew_and_keeps_its_label_and_attributes(start: StartImage) -> None:
    parked = {"name": "parked", "kind": "boolean"}
    drawer = start({"box": {}}, [{"name": "car", "attributes": [parked]}, {"name": "person"}]).at_full_size()
    drawer.drag((20, 20), (60, 60)).await_marks(1)
    drawer.page.get_by_label("parked").click()
    drawer.press("2").press("1", "Shift+n").drag((200, 100), (260, 180))
    assert drawer.await_marks(1).stored() == {
        "box": [{"label": "car", "x": 200.0, "y": 100.0, "width": 60.0, "height": 80.0}]
    }


def test_corners_snap_to_other_shapes_and_to_the_border(start: StartImage) -> None:
    drawer = start({"box": {}}).at_full_size().press("g")
    drawer.drag((100, 100), (200, 200)).drag((203, 98), (395, 4))
    drawer.press("g").drag((203, 203), (250, 296))
    assert drawer.await_marks(3).stored() == {
        "box": [
            {"label": "car", "x": 100.0, "y": 100.0, "width": 100.0, "height": 100.0},
            {"label": "car", "x": 200.0, "y": 0.0, "width": 200.0, "height": 100.0},
            {"label": "car", "x": 203.0, "y": 203.0, "width": 47.0, "height": 93.0},
        ]
    }
