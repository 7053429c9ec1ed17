"""Reads spans and checks them against their text and the ontology."""

from __future__ import annotations

from collections.abc import Callable

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.modalities.text.extents import Extent, Parts, extent_of, fit_extent
from annotary.modalities.text.items import text_of
from annotary.ontology.values import Definition

# Start, end, label.
Place = tuple[int, int, str]


class Span(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Stretches of the text: code points, half open; `parts` where it is in several."""

    start: int
    end: int
    parts: Parts | None = None


def by_place(span: Span) -> tuple[Extent, str]:
    """Return what spans are ordered by."""
    return extent_of(span), span.label


def compile_spans(definition: Definition, settings: Settings) -> Callable[[list[Span], Item], list[Span]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "spans")

    def check(value: list[Span], item: Item) -> list[Span]:
        size = len(text_of(item))
        seen: set[tuple[Extent, str]] = set()
        fitted = []
        for index, given in enumerate(rules.check(value)):
            span = fit_extent(given, size, f"/answer/spans/{index}")
            place = by_place(span)
            if place in seen:
                found = f"{span.label} from {span.start} to {span.end} again"
                raise InvalidAnswer(
                    path=f"/answer/spans/{index}", found=found, expected="each span at most once"
                )
            seen.add(place)
            fitted.append(span)
        return in_order(fitted, by_place)

    return check
