"""Relations between two places of a text, such as who employs whom.

`source` and `target` are places as `spans` have them: code points from `start` to `end`, half open, with
`parts` where the place leaves something out. A relation goes from one place to another one, and each is given
once. Where the ontology has `spans` too, both ends are places of spans in the same answer. Canonical order:
by source, then by target and label.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.modalities.text.items import TextItem
from annotary.modalities.text.relations.checking import Relation, check_ends, compile_relations
from annotary.ontology.steps.values import Ends, ToolRules

LABEL_TYPE = LabelType(
    name="relations",
    modality="text",
    settings_type=Settings,
    value_type=Marks[Relation],
    item_type=TextItem,
    example=Example(
        item={"text": "Ada Lovelace was born in London, Byron's daughter."},
        definition={
            "tools": {"relations": {}},
            "labels": [
                {"name": "born in"},
                {"name": "child of", "attributes": [{"name": "adopted", "kind": "boolean"}]},
            ],
        },
        value=[
            {"label": "born in", "source": {"start": 0, "end": 12}, "target": {"start": 25, "end": 31}},
            {
                "label": "child of",
                "attributes": {"adopted": False},
                "source": {"start": 0, "end": 12},
                "target": {"start": 33, "end": 38},
            },
        ],
    ),
    compile=compile_relations,
    consensus="annotary.modalities.text.relations.consensus",
    marks=ToolRules(
        order=("source", "target", "label"),
        unique=("source", "target", "label"),
        nested=True,
        ends=Ends(tool="spans", fields=("source", "target"), place=("start", "end", "parts")),
    ),
    between=check_ends,
)
