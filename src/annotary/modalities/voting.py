"""Majority rules that the label types' merges share: whose vote counts how much, what wins, how sure.

A vote's weight says how many votes it counts as. Where no weights are given each vote is one.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from annotary.kernel.errors import Invalid
from annotary.modalities.marks import Mark


class Attributed(Protocol):
    """What holds attributes."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Values by their names."""


M = TypeVar("M", bound=Mark)
V = TypeVar("V", bound=Hashable)
Weights = Sequence[float]
# Sums of weights that differ by less are equal: 0.1 + 0.2 must not beat 0.3.
ROUNDING = 1e-9
_encode = msgspec.json.Encoder(order="deterministic").encode


def vote_weights(weights: Sequence[float] | None, count: int) -> list[float]:
    """Return the weights of `count` votes: 1 each where none are given, or where all are 0.

    Raises Invalid for another number of weights, and for one that is negative or not finite.
    """
    if weights is None:
        return [1.0] * count
    if len(weights) != count:
        raise Invalid(path="/weights", found=f"{len(weights)} weights", expected=f"{count}, one an answer")
    for index, weight in enumerate(weights):
        if not (math.isfinite(weight) and weight >= 0):
            raise Invalid(path=f"/weights/{index}", found=weight, expected="a finite number of at least 0")
    return [float(weight) for weight in weights] if any(weights) else [1.0] * count


def is_majority(weight: float, total: float) -> bool:
    """Say whether a weight is more than half of the total."""
    return 2 * weight > total * (1 + ROUNDING)


def tally(values: Iterable[V], weights: Weights) -> dict[V, float]:
    """Return the weight behind each distinct value, in the order of their first votes."""
    votes: dict[V, float] = {}
    for value, weight in zip(values, weights, strict=True):
        votes[value] = votes.get(value, 0.0) + weight
    return votes


def leaders(votes: Mapping[V, float]) -> list[V]:
    """Return the values with the most weight: several where they are equal."""
    most = max(votes.values())
    return [value for value, weight in votes.items() if weight >= most * (1 - ROUNDING)]


def majority_label(marks: Iterable[Mark], weights: Weights, label_order: Mapping[str, int]) -> str:
    """Return the label with the most votes; among equals, the one that stands first in the ontology."""
    equals = leaders(tally((mark.label for mark in marks), weights))
    return min(equals, key=lambda label: (label_order.get(label, len(label_order)), label))


def majority_attributes(marks: Sequence[Attributed], weights: Weights) -> dict[str, Any]:
    """Return, for marks (or keyframes) of one label, each attribute's value with the most votes.

    Of numbers it is the lower median.

    Leaving an attribute out is a vote too; among equals a given value beats none, then the smallest encoding
    wins.
    """
    names = dict.fromkeys(name for mark in marks for name in mark.attributes)
    merged = {name: _majority_value([mark.attributes.get(name) for mark in marks], weights) for name in names}
    return {name: value for name, value in merged.items() if value is not None}


def _majority_value(values: list[Any], weights: Weights) -> Any:
    given = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    values, given_weights = [value for value, _ in given], [weight for _, weight in given]
    if is_majority(sum(weights) - sum(given_weights), sum(weights)):
        return None
    if all(isinstance(value, float) for value in values):
        return median_low(values, given_weights)
    return msgspec.json.decode(min(leaders(tally(map(_encode, values), given_weights))))


def median_low(values: Sequence[Any], weights: Weights) -> Any:
    """Return the weighted median: the lowest value that, with all below it, has half of the weight."""
    half = sum(weights) / 2 * (1 - ROUNDING)
    below = 0.0
    ordered = sorted(zip(values, weights, strict=True))
    for value, weight in ordered:
        below += weight
        if below >= half:
            return value
    return ordered[-1][0]


def mean_share(shares: Sequence[float]) -> float:
    """Return the mean vote share behind the decisions taken; 1 where there was nothing to decide."""
    return sum(shares) / len(shares) if shares else 1.0
