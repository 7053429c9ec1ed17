"""Preference between two replies to one prompt: `a`, `b`, or a tie, and how strong it is.

`strength` runs from 1 (slightly better) to the setting `strength_max`; a preference without it is of strength
1, and a tie has none. The canonical answer leaves out a strength of 1 where `strength_max` is 1.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.text.items import PreferenceItem
from annotary.modalities.text.preference.checking import (
    Preference,
    PreferenceSettings,
    compile_preference,
    narrow_preference,
)

LABEL_TYPE = LabelType(
    name="preference",
    modality="text",
    settings_type=PreferenceSettings,
    value_type=Preference,
    item_type=PreferenceItem,
    example=Example(
        item={
            "prompt": "Why is the sky blue?",
            "a": "Air scatters blue light more than red.",
            "b": "Because it mirrors the sea.",
        },
        definition={"tools": {"preference": {"strength_max": 3}}},
        value={"choice": "a", "strength": 3},
    ),
    compile=compile_preference,
    narrow=narrow_preference,
    consensus="annotary.modalities.text.preference.consensus",
    labelled=False,
)
