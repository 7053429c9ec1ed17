"""Scores by a rubric: several criteria, each with a weight.

`scores` has a value by the name of each criterion: a whole number from the first to the second of `scale`, or
one of the `choices`, which are told from the worst to the best. A criterion that is not `required` may be
left out. `justifications` say why, by criterion; with `justify` each score has one. The total is not sent, it
follows: the mean of the positions, from 0 (the lowest, or first) to 1, weighted by `weight`, over the
criteria that have a score. Canonical: criteria by their names, blank justifications left out.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.text.items import AnyTextItem
from annotary.modalities.text.rubric.checking import Rubric, compile_rubric, narrow_rubric
from annotary.modalities.text.rubric.criteria import RubricSettings

LABEL_TYPE = LabelType(
    name="rubric",
    modality="text",
    settings_type=RubricSettings,
    value_type=Rubric,
    item_type=AnyTextItem,
    example=Example(
        item={"prompt": "Why is the sky blue?", "text": "Air scatters blue light more than red."},
        definition={
            "tools": {
                "rubric": {
                    "criteria": [
                        {"name": "correct", "weight": 3, "choices": ["wrong", "in part", "right"]},
                        {"name": "clear", "scale": [1, 5]},
                        {"name": "cites sources", "scale": [0, 1], "required": False},
                    ]
                }
            }
        },
        value={
            "scores": {"clear": 5, "correct": "in part"},
            "justifications": {"correct": "Violet is scattered more, and not seen as well."},
        },
    ),
    compile=compile_rubric,
    narrow=narrow_rubric,
    consensus="annotary.modalities.text.rubric.consensus",
    labelled=False,
)
