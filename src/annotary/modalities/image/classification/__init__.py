"""Classification of an image: one class, or several where the settings allow it.

`attributes` answer the questions that the ontology asks about the class. Canonical order: that of the
ontology.
"""

from __future__ import annotations

from annotary.modalities.classes import classification
from annotary.modalities.image.items import ImageItem
from annotary.modalities.label_type import Example

LABEL_TYPE = classification(
    "image",
    ImageItem,
    Example(
        item={"asset": "af13" * 16, "width": 640, "height": 480, "media_type": "image/jpeg"},
        definition={
            "tools": {"classification": {"multiple": True}},
            "labels": [{"name": "outdoor"}, {"name": "street", "parent": "outdoor"}, {"name": "night"}],
        },
        value=[{"label": "street"}, {"label": "night"}],
    ),
)
