"""Reads boxes and checks them against their image and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from annotary.modalities.geometry import fit_box, frame_size
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.values import Definition

by_place = attrgetter("x", "y", "width", "height", "label")


class Box(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """An axis-aligned box in pixels."""

    x: float
    y: float
    width: float
    height: float


def compile_boxes(definition: Definition, settings: Settings) -> Callable[[list[Box], Item], list[Box]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "box")

    def check(value: list[Box], item: Item) -> list[Box]:
        width, height = frame_size(item)
        fitted = []
        for index, box in enumerate(rules.check(value)):
            x, y = box.x, box.y
            # Most boxes touch no border: they need nothing but these comparisons, which also refuse NaN.
            inside = x > 0.0 and y > 0.0 and x + box.width <= width and y + box.height <= height
            if not (inside and box.width > 0.0 and box.height > 0.0):
                box = fit_box(box, width, height, f"/answer/box/{index}")
            fitted.append(box)
        return in_order(fitted, by_place)

    return check
