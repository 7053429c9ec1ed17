"""Rotated boxes in an image.

`x` and `y` are the centre in pixels as floats from the image's top left. `width` is the side along the
direction `angle`, in degrees clockwise on the screen (0 is to the right, 90 down), and `height` the side
across: a point that is `u` along and `v` across from the centre stands at (x + u cos - v sin, y + u sin + v
cos). The direction means something: turned by 180 degrees it is another answer that covers the same. The
centre lies in the image, and no side is longer than the image's diagonal; corners may lie outside. Canonical:
an angle from 0 to below 360; boxes are ordered by x, then y, width, height, angle and label.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.image.rotated_box.checking import RotatedBox, compile_rotated_boxes
from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="rotated_box",
    modality="image",
    settings_type=Settings,
    value_type=Marks[RotatedBox],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={"tools": {"rotated_box": {}}, "labels": [{"name": "ship"}]},
        value=[{"label": "ship", "x": 320.0, "y": 200.5, "width": 120.0, "height": 30.0, "angle": 212.5}],
    ),
    compile=compile_rotated_boxes,
    consensus="annotary.modalities.image.rotated_box.consensus",
    marks=ToolRules(order=("x", "y", "width", "height", "angle", "label")),
)
