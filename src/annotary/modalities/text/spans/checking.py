"""Reads spans and checks them against their text and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.modalities.text.items import text_of
from annotary.ontology.values import Definition

# Start, end, label.
Place = tuple[int, int, str]
by_place = attrgetter("start", "end", "label")


class Span(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """A stretch of the text: code points, half open."""

    start: int
    end: int


def compile_spans(definition: Definition, settings: Settings) -> Callable[[list[Span], Item], list[Span]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "spans")

    def check(value: list[Span], item: Item) -> list[Span]:
        text = text_of(item)
        seen: set[tuple[int, int, str]] = set()
        for index, span in enumerate(value):
            _check_range(span, len(text), f"/answer/spans/{index}")
            if by_place(span) in seen:
                found = f"{span.label} from {span.start} to {span.end} again"
                raise InvalidAnswer(
                    path=f"/answer/spans/{index}", found=found, expected="each span at most once"
                )
            seen.add(by_place(span))
        return in_order(rules.check(value), by_place)

    return check


def _check_range(span: Span, size: int, path: str) -> None:
    if not 0 <= span.start < size:
        expected = f"0 to {size - 1}: the text has {size} code points"
        raise InvalidAnswer(path=f"{path}/start", found=span.start, expected=expected)
    if not span.start < span.end <= size:
        expected = f"{span.start + 1} to {size}: after the start, within the text"
        raise InvalidAnswer(path=f"{path}/end", found=span.end, expected=expected)
