"""Reads relations and checks them against their text, the ontology and the answer's spans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.modalities.text.extents import Extent, Parts, extent_of, fit_extent
from annotary.modalities.text.items import text_of
from annotary.ontology.values import Definition

_PATH = "/answer/relations"
SPANS = "spans"


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A place of the text: code points, half open; `parts` where it is in several."""

    start: int
    end: int
    parts: Parts | None = None


class Relation(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """What one place of the text is to another."""

    source: End
    target: End


def by_place(relation: Relation) -> tuple[Extent, Extent, str]:
    """Return what relations are ordered by."""
    return extent_of(relation.source), extent_of(relation.target), relation.label


def compile_relations(
    definition: Definition, settings: Settings
) -> Callable[[list[Relation], Item], list[Relation]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "relations")

    def check(value: list[Relation], item: Item) -> list[Relation]:
        size = len(text_of(item))
        seen: dict[tuple[Extent, Extent, str], int] = {}
        fitted = []
        for index, given in enumerate(rules.check(value)):
            path = f"{_PATH}/{index}"
            source = fit_extent(given.source, size, f"{path}/source")
            target = fit_extent(given.target, size, f"{path}/target")
            if source == target:
                found = f"{target.start} to {target.end}, the source"
                raise InvalidAnswer(path=f"{path}/target", found=found, expected="another place")
            relation = msgspec.structs.replace(given, source=source, target=target)
            first = seen.setdefault(by_place(relation), index)
            if first != index:
                expected = "each relation at most once"
                raise InvalidAnswer(
                    path=path, found=f"the relation at {_PATH}/{first} again", expected=expected
                )
            fitted.append(relation)
        return in_order(fitted, by_place)

    return check


def check_ends(value: Sequence[Relation], values: Mapping[str, Any]) -> None:
    """Raise InvalidAnswer where the ontology has spans and a relation ends where the answer has none."""
    if SPANS not in values:
        return
    places = {extent_of(span) for span in values[SPANS]}
    for index, relation in enumerate(value):
        for name in ("source", "target"):
            end = getattr(relation, name)
            if extent_of(end) not in places:
                found = f"{end.start} to {end.end}" + (" in parts" if end.parts else "")
                expected = "the place of a span in the same answer"
                raise InvalidAnswer(path=f"{_PATH}/{index}/{name}", found=found, expected=expected)
