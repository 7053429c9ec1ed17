"""Spans of a text, which may overlap.

`start` and `end` count Unicode code points (not bytes, not UTF-16 units) from the text's beginning; the span
is half open, so `end` is the first code point after it. Canonical order: by start, then by end, then by
label.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.modalities.text.items import TextItem
from annotary.modalities.text.spans.checking import Span, compile_spans
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="spans",
    modality="text",
    settings_type=Settings,
    value_type=Marks[Span],
    item_type=TextItem,
    example=Example(
        item={"text": "Ada Lovelace was born in London."},
        definition={
            "tools": {"spans": {}},
            "labels": [
                {"name": "person"},
                {
                    "name": "place",
                    "attributes": [
                        {"name": "kind", "kind": "choice", "choices": ["city", "country"], "required": True}
                    ],
                },
            ],
        },
        value=[
            {"label": "person", "start": 0, "end": 12},
            {"label": "place", "attributes": {"kind": "city"}, "start": 25, "end": 31},
        ],
    ),
    compile=compile_spans,
    consensus="annotary.modalities.text.spans.consensus",
    marks=ToolRules(order=("start", "end", "label"), unique=("start", "end", "label")),
)
