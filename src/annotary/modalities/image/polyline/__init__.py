"""Polylines in an image: open lines, such as lanes, wires and cracks.

`points` are the corners in pixels as floats from the image's top left, at least two, in their order along the
line; neighbours differ. A line may cross itself; up to 0.000001 px beyond a border is taken as rounding and
cut off. With `directed` a line has a beginning and an end; without it, it is told from the end that sorts
first. Two lines agree where they are nowhere further apart than `tolerance`, a share of the image's diagonal.
Canonical: lines are in the order of their points.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.image.polyline.checking import Polyline, PolylineSettings, compile_polylines
from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="polyline",
    modality="image",
    settings_type=PolylineSettings,
    value_type=Marks[Polyline],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={"tools": {"polyline": {}}, "labels": [{"name": "lane"}]},
        value=[{"label": "lane", "points": [[320.0, 480.0], [330.5, 300.0], [352.0, 210.0]]}],
    ),
    compile=compile_polylines,
    consensus="annotary.modalities.image.polyline.consensus",
    marks=ToolRules(order=("points", "label")),
)
