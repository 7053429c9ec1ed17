"""Ratings of an image: how much of each label it has, on a scale of whole numbers.

Each label of the ontology is a question. `level` runs from `minimum` to `maximum`; a label may have a scale
of its own in the setting `scales`. With `complete` every label is rated. Canonical order: that of the
ontology.
"""

from __future__ import annotations

from annotary.modalities.image.items import ImageItem
from annotary.modalities.label_type import Example
from annotary.modalities.ratings import ordinal

LABEL_TYPE = ordinal(
    "image",
    ImageItem,
    Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={
            "tools": {"ordinal": {"maximum": 6, "complete": False}},
            "labels": [{"name": "sharpness"}, {"name": "malignancy"}],
        },
        value=[{"label": "malignancy", "level": 5}],
    ),
)
