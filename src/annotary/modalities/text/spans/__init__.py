"""Spans of a text, which may overlap.

`start` and `end` count Unicode code points (not bytes, not UTF-16 units) from the text's beginning; the span
is half open, so `end` is the first code point after it. A span that leaves something out has `parts`, each
with its own start and end: they ascend and do not overlap, and `start` and `end` are those of the first and
of the last. Canonical: parts that touch are joined, and one part alone is left out; spans are ordered by
start, then by end, parts and label.
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
        item={"text": "Ada Lovelace was born in London. She took her hat off."},
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
                {"name": "verb"},
            ],
        },
        value=[
            {"label": "person", "start": 0, "end": 12},
            {"label": "place", "attributes": {"kind": "city"}, "start": 25, "end": 31},
            {"label": "verb", "start": 37, "end": 53, "parts": [[37, 41], [50, 53]]},
        ],
    ),
    compile=compile_spans,
    consensus="annotary.modalities.text.spans.consensus",
    marks=ToolRules(
        order=("start", "end", "parts", "label"), unique=("start", "end", "parts", "label"), nested=True
    ),
)
