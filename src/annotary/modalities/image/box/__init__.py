"""Axis-aligned boxes in an image.

Pixels as floats: `x` and `y` from the image's top left corner to the box's, then `width` and `height`, both
above 0. A box lies inside the image; up to 0.000001 px beyond a border is taken as rounding and cut off.
Canonical order: by x, then y, width, height and label.
"""

from __future__ import annotations

from annotary.modalities.image.box.checking import Box, compile_boxes
from annotary.modalities.image.items import ImageItem
from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="box",
    modality="image",
    settings_type=Settings,
    value_type=Marks[Box],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={
            "tools": {"box": {}},
            "labels": [
                {"name": "car", "colour": "#2266cc", "attributes": [{"name": "parked", "kind": "boolean"}]},
                {"name": "person"},
            ],
        },
        value=[
            {
                "label": "car",
                "attributes": {"parked": True},
                "x": 12.5,
                "y": 200.0,
                "width": 180.0,
                "height": 96.25,
            },
            {"label": "person", "x": 300.0, "y": 150.0, "width": 42.0, "height": 130.0},
        ],
    ),
    compile=compile_boxes,
    consensus="annotary.modalities.image.box.consensus",
    marks=ToolRules(order=("x", "y", "width", "height", "label")),
)
