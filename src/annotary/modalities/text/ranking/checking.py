"""Reads a ranking and checks it against its item's candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import RANKING_CANDIDATES_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.items import read_item
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.text.items import RankingItem
from annotary.ontology.values import Definition

_PATH = "/answer/ranking/tiers"
_FEW = msgspec.Meta(min_length=1, max_length=RANKING_CANDIDATES_MAX)
Tiers = Annotated[list[Annotated[list[int], _FEW]], _FEW]


class Ranking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The candidates by their numbers, the best tier first."""

    tiers: Tiers


class RankingSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ties` allows several candidates in one tier."""

    required: bool = True
    ties: bool = True


def narrow_ranking(schema: dict[str, Any], definition: Definition, settings: RankingSettings) -> None:
    """Narrow the schema of a ranking to the tool's settings."""
    if not settings.ties:
        schema["properties"]["tiers"]["items"]["maxItems"] = 1


def compile_ranking(definition: Definition, settings: RankingSettings) -> Callable[[Ranking, Item], Ranking]:
    """Return the check of this tool's values under one definition's settings."""

    def check(value: Ranking, item: Item) -> Ranking:
        count = len(read_item(item, RankingItem).candidates)
        place_of: dict[int, str] = {}
        for tier, candidates in enumerate(value.tiers):
            if len(candidates) > 1 and not settings.ties:
                expected = "one candidate: ties are not allowed"
                raise InvalidAnswer(path=f"{_PATH}/{tier}", found=candidates, expected=expected)
            for at, candidate in enumerate(candidates):
                path = f"{_PATH}/{tier}/{at}"
                if not 0 <= candidate < count:
                    expected = f"0 to {count - 1}: the item has {count} candidates"
                    raise InvalidAnswer(path=path, found=candidate, expected=expected)
                if candidate in place_of:
                    expected = f"each candidate once: it is at {place_of[candidate]} too"
                    raise InvalidAnswer(path=path, found=candidate, expected=expected)
                place_of[candidate] = path
        missing = [candidate for candidate in range(count) if candidate not in place_of]
        if missing:
            expected = f"all {count} candidates; {', '.join(map(str, missing))} stands nowhere"
            raise InvalidAnswer(path=_PATH, found=value.tiers, expected=expected)
        return Ranking([sorted(candidates) for candidates in value.tiers])

    return check
