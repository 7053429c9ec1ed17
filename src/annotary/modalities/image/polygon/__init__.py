"""Simple polygons in an image.

`points` are the corners in pixels as floats from the image's top left, at least three, without repeating the
first at the end. The outline neither crosses nor touches itself; up to 0.000001 px beyond a border is taken
as rounding and cut off. Canonical: the outline starts at its leftmost (then topmost) corner and runs
clockwise on the screen; polygons are in the order of their points.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.image.polygon.checking import Polygon, compile_polygons
from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="polygon",
    modality="image",
    settings_type=Settings,
    value_type=Marks[Polygon],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={"tools": {"polygon": {}}, "labels": [{"name": "roof"}]},
        value=[{"label": "roof", "points": [[100.0, 80.0], [220.0, 40.5], [340.0, 80.0], [220.0, 120.0]]}],
    ),
    compile=compile_polygons,
    consensus="annotary.modalities.image.polygon.consensus",
    marks=ToolRules(order=("points", "label")),
)
