"""Majority rules that the label types' merges share: which label, which attributes, how sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low
from typing import Any, TypeVar

import msgspec

from annotary.modalities.marks import Mark

M = TypeVar("M", bound=Mark)
_encode = msgspec.json.Encoder(order="deterministic").encode


def majority_label(marks: Iterable[Mark], label_order: Mapping[str, int]) -> str:
    """Return the most frequent label; among equals, the one that stands first in the ontology."""
    votes = Counter(mark.label for mark in marks)
    return min(votes, key=lambda label: (-votes[label], label_order.get(label, len(label_order)), label))


def majority_attributes(marks: Sequence[Mark]) -> dict[str, Any]:
    """Return, for marks of one label, the most frequent value of each attribute (a number: the lower median).

    Leaving an attribute out is a vote too; among equals a given value beats none, then the smallest encoding
    wins.
    """
    names = dict.fromkeys(name for mark in marks for name in mark.attributes)
    merged = {name: _majority_value([mark.attributes.get(name) for mark in marks]) for name in names}
    return {name: value for name, value in merged.items() if value is not None}


def _majority_value(values: list[Any]) -> Any:
    given = [value for value in values if value is not None]
    if 2 * len(given) < len(values):
        return None
    if all(isinstance(value, float) for value in given):
        return median_low(given)
    votes = Counter(_encode(value) for value in given)
    winner = min(votes, key=lambda encoded: (-votes[encoded], encoded))
    return msgspec.json.decode(winner)


def mean_share(shares: Sequence[float]) -> float:
    """Return the mean vote share behind the decisions taken; 1 where there was nothing to decide."""
    return sum(shares) / len(shares) if shares else 1.0
