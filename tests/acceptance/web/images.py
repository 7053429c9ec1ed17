"""An annotator at an image: draws at places of it, by pointer or by keys, and reads what was stored."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from bench.workspace import Workspace
from playwright.sync_api import Page, expect

from acceptance.web.labelling import PATIENCE_MS, Labeller

WIDTH, HEIGHT = 400, 300
MIDDLE = (WIDTH // 2, HEIGHT // 2)
Place = tuple[float, float]
StartImage = Callable[..., "Drawer"]


def png() -> bytes:
    """Return a picture of WIDTH by HEIGHT: a soft pattern, so that a screenshot shows where things are."""
    rows = b"".join(
        b"\0" + bytes(90 + (x // 20 + y // 20) % 2 * 40 for x in range(WIDTH)) for y in range(HEIGHT)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def items(workspace: Workspace, *names: str) -> list[dict[str, Any]]:
    """Return image items of one picture under several names."""
    asset = workspace.asset(png(), "image/png")
    return [{"unique_id": name, "asset": asset} for name in names]


class Drawer(Labeller):
    """Draws on the image of the task in front."""

    def __init__(self, page: Page, project: str, workspace: Workspace) -> None:
        super().__init__(page, project)
        self.workspace = workspace
        self.image = page.get_by_role("application")
        self.view = page.get_by_test_id("view")

    def at_full_size(self) -> Drawer:
        """Show one pixel of the image as one of the screen, so that places are exact."""
        self.press("Shift+Home")
        expect(self.view).to_have_attribute("data-scale", "1")
        return self

    def on_page(self, place: Place) -> Place:
        """Return where a place of the image is in the window."""
        box = self.image.bounding_box()
        assert box is not None
        scale, left, top = (
            float(self.view.get_attribute(f"data-{name}") or "nan") for name in ("scale", "left", "top")
        )
        return box["x"] + left + place[0] * scale, box["y"] + top + place[1] * scale

    def click(self, *places: Place, button: Any = "left") -> Drawer:
        """Click at places of the image, one after the other."""
        for place in places:
            self.page.mouse.click(*self.on_page(place), button=button)
        return self

    def drag(self, *places: Place) -> Drawer:
        """Press at the first place, go through the others, and let go at the last."""
        self.page.mouse.move(*self.on_page(places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.on_page(place))
        self.page.mouse.up()
        return self

    def await_marks(self, count: int) -> Drawer:
        """Wait until the image says that it has so many marks."""
        words = {0: "no marks", 1: "1 mark"}.get(count, f"{count} marks")
        expect(self.image).to_have_accessible_name(f"Image with {words}", timeout=PATIENCE_MS)
        return self

    def stored(self) -> dict[str, Any]:
        """Submit, and return the answer as it was stored."""
        answered = self.submit()
        self.await_saved()
        return self.workspace.stored_answer(self.project, answered)


def rounded(value: float) -> float:
    """Return a coordinate as the workspace rounds it: to a hundredth of a pixel, halves up."""
    return math.floor(value * 100 + 0.5) / 100


def near(line: Iterable[Place], x: float, y: float) -> float:
    """Return how far a point is from a line of several pieces (or from a single point)."""
    points = list(line)
    return min(_distance(start, end, x, y) for start, end in zip(points, points[1:] or points, strict=False))


def _distance(start: Place, end: Place, x: float, y: float) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - start[0]) * dx + (y - start[1]) * dy) / length))
    return math.hypot(x - start[0] - along * dx, y - start[1] - along * dy)
