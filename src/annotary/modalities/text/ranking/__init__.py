"""Ranking of several replies to one prompt, from the best to the worst, with ties.

`tiers` are places, the best first; each holds the numbers (from 0, in the item's order) of the candidates
that share it. Every candidate stands in one tier. Without `ties` each tier holds one. Canonical: the numbers
of a tier ascend.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType
from annotary.modalities.text.items import RankingItem
from annotary.modalities.text.ranking.checking import (
    Ranking,
    RankingSettings,
    compile_ranking,
    narrow_ranking,
)

LABEL_TYPE = LabelType(
    name="ranking",
    modality="text",
    settings_type=RankingSettings,
    value_type=Ranking,
    item_type=RankingItem,
    example=Example(
        item={
            "prompt": "Why is the sky blue?",
            "candidates": [
                "Because it mirrors the sea.",
                "Air scatters blue light more than red.",
                "Nobody knows.",
            ],
        },
        definition={"tools": {"ranking": {}}},
        value={"tiers": [[1], [0, 2]]},
    ),
    compile=compile_ranking,
    narrow=narrow_ranking,
    consensus="annotary.modalities.text.ranking.consensus",
    labelled=False,
)
