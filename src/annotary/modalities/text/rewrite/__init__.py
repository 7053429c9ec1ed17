"""A text that a person wrote: the answer to a prompt, or another version of a text.

Answers to a prompt are what models are tuned on; the item's `text`, if it has one, is what there was before.
`characters_min` and `characters_max` count Unicode code points. A text of nothing but white space is refused,
and without `unchanged` one that is the item's own. Canonical: as given, with line ends of one character.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.text.items import RewriteItem
from annotary.modalities.text.rewrite.checking import (
    Rewrite,
    RewriteSettings,
    compile_rewrite,
    narrow_rewrite,
)

LABEL_TYPE = LabelType(
    name="rewrite",
    modality="text",
    settings_type=RewriteSettings,
    value_type=Rewrite,
    item_type=RewriteItem,
    example=Example(
        item={"prompt": "Why is the sky blue?", "text": "Because it mirrors the sea."},
        definition={"tools": {"rewrite": {"unchanged": False, "characters_max": 500}}},
        value={"text": "Air scatters blue light more than red."},
    ),
    compile=compile_rewrite,
    narrow=narrow_rewrite,
    consensus="annotary.modalities.text.rewrite.consensus",
    labelled=False,
)
