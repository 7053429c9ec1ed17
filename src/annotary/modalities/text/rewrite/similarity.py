"""How alike two texts are, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from annotary.kernel.limits import REWRITE_COMPARED_CELLS_MAX

# Words, and each mark by itself; white space says nothing.
_TOKEN = re.compile(r"\w+|[^\w\s]")


def similarity(first: str, second: str) -> float:
    """Return 1 less the edit distance of two texts' tokens over the longer one's number of them, 0 to 1.

    Levenshtein (1966), "Binary codes capable of correcting deletions, insertions, and reversals". Where what
    differs is too long to compare, the tokens that both have are counted, whatever their order.
    """
    ours, theirs = _TOKEN.findall(first), _TOKEN.findall(second)
    longer = max(len(ours), len(theirs))
    if not longer:
        return 1.0
    head = _shared_beginning(ours, theirs)
    ours, theirs = ours[head:], theirs[head:]
    tail = _shared_beginning(ours[::-1], theirs[::-1])
    ours, theirs = ours[: len(ours) - tail], theirs[: len(theirs) - tail]
    if len(ours) * len(theirs) > REWRITE_COMPARED_CELLS_MAX:
        return (head + tail + (Counter(ours) & Counter(theirs)).total()) / longer
    return 1 - _edit_distance(ours, theirs) / longer


def _shared_beginning(first: Sequence[str], second: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _edit_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many tokens have to be put in, taken out or changed; one row of the table after another."""
    number = {token: index for index, token in enumerate({*first, *second})}
    theirs = np.array([number[token] for token in second], dtype=np.int64)
    places = np.arange(len(second) + 1)
    row = places.copy()
    for token in first:
        ahead = np.minimum(row[:-1] + (theirs != number[token]), row[1:] + 1)
        # Putting in tokens of the second costs one each, from any place further left.
        row = np.minimum.accumulate(np.concatenate(([row[0] + 1], ahead)) - places) + places
    return int(row[-1])
