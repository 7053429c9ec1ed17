"""Where marks of a text stand: from one code point to another, or in several parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Protocol, TypeVar

import msgspec

from annotary.kernel.limits import SPAN_PARTS_MAX
from annotary.modalities.errors import InvalidAnswer

Part = tuple[int, int]
Parts = Annotated[list[Part], msgspec.Meta(min_length=1, max_length=SPAN_PARTS_MAX)]
# Start, end, and the parts of what is in several.
Extent = tuple[int, int, tuple[Part, ...]]


class Placed(Protocol):
    """What stands in a text, from `start` to `end`; `parts` where it leaves something out between them."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The first code point after it."""

    @property
    def parts(self) -> Sequence[Part] | None:
        """Starts and ends, ascending and apart."""


P = TypeVar("P", bound=msgspec.Struct)


def extent_of(placed: Placed) -> Extent:
    """Return where something stands, parts that touch joined, as a value that sorts and hashes."""
    return placed.start, placed.end, tuple(_joined(placed.parts) or ()) if placed.parts else ()


def parts_of(placed: Placed) -> Sequence[Part]:
    """Return the stretches of text that something covers, ascending."""
    return placed.parts or [(placed.start, placed.end)]


def fit_extent(placed: P, size: int, path: str) -> P:
    """Return a struct with start, end and parts that lie in a text of `size` code points, parts joined.

    Parts that touch become one; one part alone is what start and end say already. Raises InvalidAnswer.
    """
    one: Placed = placed  # type: ignore[assignment]
    if not 0 <= one.start < size:
        expected = f"0 to {size - 1}: the text has {size} code points"
        raise InvalidAnswer(path=f"{path}/start", found=one.start, expected=expected)
    if not one.start < one.end <= size:
        expected = f"{one.start + 1} to {size}: after the start, within the text"
        raise InvalidAnswer(path=f"{path}/end", found=one.end, expected=expected)
    if one.parts is None:
        return placed
    _check_parts(one, one.parts, path)
    return msgspec.structs.replace(placed, parts=_joined(one.parts))


def _joined(parts: Sequence[Part]) -> list[Part] | None:
    joined = [parts[0]]
    for start, end in parts[1:]:
        if start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined if len(joined) > 1 else None


def _check_parts(one: Placed, parts: Sequence[Part], path: str) -> None:
    for name, found, ours in (("start", one.start, parts[0][0]), ("end", one.end, parts[-1][1])):
        if found != ours:
            which = "first part starts" if name == "start" else "last part ends"
            raise InvalidAnswer(path=f"{path}/{name}", found=found, expected=f"{ours}, where the {which}")
    for index, (start, end) in enumerate(parts):
        if start >= end:
            expected = "a start and an end after it"
            raise InvalidAnswer(path=f"{path}/parts/{index}", found=[start, end], expected=expected)
    for index, (before, after) in enumerate(pairwise(parts), 1):
        if after[0] < before[1]:
            expected = f"a start of at least {before[1]}, where the part before ends: parts ascend"
            raise InvalidAnswer(path=f"{path}/parts/{index}/0", found=after[0], expected=expected)


def overlap(one: Placed, other: Placed) -> float:
    """Return the intersection over union of two marks' code points, 0 to 1."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return 0.0
    if one.parts is None and other.parts is None:
        return shared / (max(one.end, other.end) - min(one.start, other.start))
    ours, theirs = parts_of(one), parts_of(other)
    shared = sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in ours
        for other_start, other_end in theirs
    )
    sizes = sum(end - start for start, end in (*ours, *theirs))
    return shared / (sizes - shared)
