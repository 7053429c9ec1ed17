"""How polylines are compared and merged: by how far they are apart at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.geometry import frame_size
from annotary.modalities.image.polyline.checking import Point, Polyline, by_place
from annotary.modalities.image.polyline.distance import closest_places, frechet, sampled
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import (
    AGREEING_IOU,
    MATCHING_IOU,
    Pair,
    f1,
    merge_marks,
    most_central,
    near_pairs,
)
from annotary.modalities.robust import weighted_median
from annotary.modalities.voting import Weights, is_majority, tally

Lines = Sequence[Polyline]
Array = NDArray[np.float64]
_PAIRS_AT_ONCE = 512


class _Closeness(NamedTuple):
    """How close lines are under one context: 1 where they are one, 0.5 at the tolerance, 0 at twice of it."""

    tolerance_pixels: float
    directed: bool

    def pairs(self, first: Sequence[Array], second: Sequence[Array], least: float) -> list[Pair]:
        near = near_pairs(self._bounds(first), self._bounds(second))
        found: list[Pair] = []
        for start in range(0, len(near), _PAIRS_AT_ONCE):
            block = near[start : start + _PAIRS_AT_ONCE]
            ours, theirs = [first[pair.first] for pair in block], [second[pair.second] for pair in block]
            alike = self.of(np.stack(ours), np.stack(theirs)).tolist()
            found += [pair._replace(overlap=one) for pair, one in zip(block, alike, strict=True)]
        return [pair for pair in found if pair.overlap >= least]

    def of(self, first: Array, second: Array) -> Array:
        apart = frechet(first, second)
        if not self.directed:
            apart = np.minimum(apart, frechet(first[..., ::-1, :], second))
        return np.maximum(0.0, 1 - apart / (2 * self.tolerance_pixels))

    def _bounds(self, lines: Sequence[Array]) -> Array:
        corners = [(*line.min(axis=0), *line.max(axis=0)) for line in lines]
        margin = np.array([-1, -1, 1, 1]) * self.tolerance_pixels
        return np.array(corners, dtype=np.float64).reshape(-1, 4) + margin


def agreement(first: Lines, second: Lines, context: Context) -> float:
    """Return the F1 of lines with equal labels whose discrete Fréchet distance is within the tolerance."""
    if not first and not second:
        return 1.0
    return f1(first, second, _closeness(context).pairs(_sampled(first), _sampled(second), AGREEING_IOU))


def merge(values: Sequence[Lines], context: Context, weights: Weights) -> Merged:
    """Return, of each line that more than half drew, the one closest to the others, with its corners moved.

    Each corner goes to the median of the places where the others pass closest to it, each end to the median
    of their ends. The same line drawn by more than half stays as it is.
    """
    closeness = _closeness(context)
    lines = [_sampled(value) for value in values]
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: closeness.pairs(lines[a], lines[b], MATCHING_IOU),
        lambda members, heard: _voted(members, heard, closeness),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _closeness(context: Context) -> _Closeness:
    settings = context.settings
    return _Closeness(settings.tolerance * math.hypot(*frame_size(context.item)), settings.directed)


def _sampled(lines: Lines) -> list[Array]:
    return [sampled(line.points) for line in lines]


def _voted(lines: list[Polyline], weights: Weights, closeness: _Closeness) -> Polyline:
    votes = tally((tuple(line.points) for line in lines), weights)
    favourite = max(votes, key=lambda points: votes[points])
    if is_majority(votes[favourite], sum(weights)):
        return msgspec.structs.replace(lines[0], points=list(favourite))
    samples = _sampled(lines)
    central = lines[most_central(samples, weights, lambda one, other: float(closeness.of(one, other)))]
    points = _moved(central, lines, weights, closeness)
    return msgspec.structs.replace(
        central, points=points if closeness.directed else min(points, points[::-1])
    )


def _moved(central: Polyline, lines: Lines, weights: Weights, closeness: _Closeness) -> list[Point]:
    corners = np.array(central.points)
    there = sampled(central.points)
    beside = []
    for line in lines:
        other = np.array(line.points)
        if not closeness.directed and frechet(sampled(other[::-1]), there) < frechet(sampled(other), there):
            other = other[::-1]
        places = closest_places(corners, other)
        places[0], places[-1] = other[0], other[-1]
        beside.append(places)
    moved = weighted_median(np.stack(beside), np.array(weights)[:, None, None])
    points = [(float(x), float(y)) for x, y in moved]
    distinct = points[:1] + [after for before, after in pairwise(points) if before != after]
    return distinct if len(distinct) > 1 else central.points
