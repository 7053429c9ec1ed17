"""Classification of a text: one class, or several where the settings allow it.

`attributes` answer the questions that the ontology asks about the class. Canonical order: that of the
ontology.
"""

from __future__ import annotations

from annotary.modalities.classes import classification
from annotary.modalities.label_type import Example
from annotary.modalities.text.items import AnyTextItem

LABEL_TYPE = classification(
    "text",
    AnyTextItem,
    Example(
        item={"text": "The delivery came a day early, and the box was intact."},
        definition={
            "tools": {"classification": {}},
            "labels": [
                {
                    "name": "positive",
                    "attributes": [{"name": "certainty", "kind": "number", "minimum": 0, "maximum": 1}],
                },
                {"name": "negative"},
            ],
        },
        value=[{"label": "positive", "attributes": {"certainty": 0.9}}],
    ),
)
