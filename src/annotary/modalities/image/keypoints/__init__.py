"""Keypoints in an image: named points of a thing, joined by a skeleton.

A label has a skeleton in the setting `skeletons`: the names of its `points`, and `edges` between them for the
eye; a label without one is not used with this tool. `points` of an answer are `[x, y, visibility]` by name,
pixels as floats from the image's top left; visibility is that of COCO: 2 visible, 1 marked though it is
hidden, 0 not marked. Canonical: points of visibility 0 are left out, whatever their place; at least one is
marked. Up to 0.000001 px beyond a border is taken as rounding and cut off. `sigmas` say how exactly people
can mark a point (see [consensus-of-shapes.md](consensus-of-shapes.md)). Canonical order: by points, then by
label.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.image.keypoints.checking import Keypoints, compile_keypoints, narrow_keypoints
from annotary.modalities.image.keypoints.skeletons import KeypointsSettings
from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.marks import Marks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="keypoints",
    modality="image",
    settings_type=KeypointsSettings,
    value_type=Marks[Keypoints],
    item_type=ImageItem,
    example=Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={
            "tools": {
                "keypoints": {
                    "skeletons": {
                        "hand": {
                            "points": ["wrist", "thumb", "index"],
                            "edges": [["wrist", "thumb"], ["wrist", "index"]],
                        }
                    }
                }
            },
            "labels": [{"name": "hand", "attributes": [{"name": "left", "kind": "boolean"}]}],
        },
        value=[
            {
                "label": "hand",
                "attributes": {"left": True},
                "points": {
                    "index": [342.0, 140.5, 1],
                    "thumb": [310.0, 150.0, 2],
                    "wrist": [330.0, 210.0, 2],
                },
            }
        ],
    ),
    compile=compile_keypoints,
    narrow=narrow_keypoints,
    consensus="annotary.modalities.image.keypoints.consensus",
    marks=ToolRules(order=("points", "label"), nested=True),
)
