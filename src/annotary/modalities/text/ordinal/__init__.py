"""Ratings of a text: how much of each label it has, on a scale of whole numbers.

Each label of the ontology is a question. `level` runs from `minimum` to `maximum`; a label may have a scale
of its own in the setting `scales`, such as `{"tone": {"minimum": -2, "maximum": 2}}`. With `complete` every
label is rated. Canonical order: that of the ontology.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example
from annotary.modalities.ratings import ordinal
from annotary.modalities.text.items import AnyTextItem

LABEL_TYPE = ordinal(
    "text",
    AnyTextItem,
    Example(
        item={"text": "The delivery came a day early, and the box was intact."},
        definition={
            "tools": {"ordinal": {"scales": {"tone": {"minimum": -2, "maximum": 2}}}},
            "labels": [{"name": "helpfulness"}, {"name": "tone"}],
        },
        value=[{"label": "helpfulness", "level": 4}, {"label": "tone", "level": 2}],
    ),
)
