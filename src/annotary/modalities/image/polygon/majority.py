"""The outline of what at least half of the votes cover, of several simple polygons drawn of one thing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotary.modalities.image.polygon.outline import Point
from annotary.modalities.image.polygon.overlap import Outline, crossings
from annotary.modalities.voting import ROUNDING, Weights

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

# Corners closer than this, relative to the size of the whole, are one corner.
_SNAP = 1e-9
_CELLS_MAX = 1 << 20
_VERTICAL = -1


def majority_outline(outlines: Sequence[Outline], weights: Weights) -> list[Point] | None:
    """Return the corners around the largest piece, without holes, that at least half of the weight covers.

    Exact, and without a grid: cut at all corners and crossings, the plane falls into vertical slabs in which
    no two sides cross, so that each slab is a stack of trapezoids with a vote of its own; the outline runs
    where the vote changes. None where nothing is left or the polygons have too many sides for that.
    """
    sides = np.vstack([outline.sides for outline in outlines])
    owner = np.repeat(np.arange(len(outlines)), [len(outline.sides) for outline in outlines])
    sizes = [len(outline.sides) for outline in outlines]
    if max((a * b for a, b in combinations(sizes, 2)), default=0) > _CELLS_MAX:
        return None
    met = [crossings(one.sides, other.sides) for one, other in combinations(outlines, 2)]
    snap = _SNAP * float(max(np.ptp(sides[:, ::2]), np.ptp(sides[:, 1::2])))
    cuts = _apart(np.concatenate((sides[:, 0], *met)), snap)
    slabs = _Slabs(sides, owner, cuts)
    if slabs.size > _CELLS_MAX:
        return None
    loops = _loops(*slabs.edges(np.asarray(weights, dtype=np.float64), snap))
    largest = max(loops, key=_area, default=None)
    return _straightened(largest, snap) if largest else None


def _apart(values: Array, snap: float) -> Array:
    """Return the distinct values, sorted; of those closer together than `snap`, the first."""
    ordered = np.unique(values)
    found: Array = ordered[np.diff(ordered, prepend=-np.inf) > snap]
    return found


class _Slabs:
    """The sides of all polygons, by the slabs between two cuts that each passes through."""

    def __init__(self, sides: Array, owner: Integers, cuts: Array) -> None:
        turned = sides[:, 0] > sides[:, 2]
        self._sides = np.where(turned[:, None], sides[:, [2, 3, 0, 1]], sides)
        self._owner, self._cuts = owner, cuts
        # A cut is at most a snap below the corners that it stands for.
        self._first = np.searchsorted(cuts, self._sides[:, 0], "right") - 1
        self._after = np.searchsorted(cuts, self._sides[:, 2], "right") - 1
        self.size = int((self._after - self._first).sum())

    def edges(self, weights: Array, snap: float) -> tuple[Array, Integers]:
        """Return nodes (x, y) and directed edges (from, to, side): the vote's area lies to their left.

        Left for y upwards; a vertical edge is of no side.
        """
        side, slab, low, high = self._passages()
        middle = low + high
        order = np.lexsort((middle, self._owner[side], slab))
        key = slab[order] * (len(weights) + 1) + self._owner[side[order]]
        entering = np.empty(len(side), dtype=bool)
        entering[order] = (np.arange(len(side)) - np.searchsorted(key, key)) % 2 == 0
        order = np.lexsort((~entering, middle, slab))
        side, slab, low, high = side[order], slab[order], low[order], high[order]
        entering = entering[order]
        change = np.where(entering, 1.0, -1.0) * weights[self._owner[side]]
        covered = change.cumsum() >= weights.sum() * (0.5 - ROUNDING)
        starts = np.concatenate(([True], slab[1:] != slab[:-1]))
        before = np.where(starts, False, np.concatenate(([False], covered[:-1])))
        bottom = covered & ~before
        changes = covered != before
        return self._boundary(
            side[changes], slab[changes], low[changes], high[changes], bottom[changes], snap
        )

    def _passages(self) -> tuple[Integers, Integers, Array, Array]:
        """Return side, slab, and the side's y at the slab's left and right for each slab a side passes."""
        counts = self._after - self._first
        side = np.repeat(np.arange(len(counts)), counts)
        slab = np.arange(len(side)) - np.repeat(counts.cumsum() - counts, counts) + self._first[side]
        return side, slab, self._height(side, slab), self._height(side, slab + 1)

    def _height(self, side: Integers, cut: Integers) -> Array:
        x, y, next_x, next_y = self._sides[side].T
        heights = y + (self._cuts[cut] - x) * ((next_y - y) / (next_x - x))
        heights = np.where(cut == self._first[side], y, heights)
        found: Array = np.where(cut == self._after[side], next_y, heights)
        return found

    def _boundary(
        self, side: Integers, slab: Integers, low: Array, high: Array, bottom: NDArray[np.bool_], snap: float
    ) -> tuple[Array, Integers]:
        cut, y = np.concatenate((slab, slab + 1)), np.concatenate((low, high))
        order = np.lexsort((y, cut))
        fresh = (np.diff(cut[order], prepend=-1) > 0) | (np.diff(y[order], prepend=-np.inf) > snap)
        node = np.empty(len(cut), dtype=np.int64)
        node[order] = fresh.cumsum() - 1
        cut_of = cut[order][fresh]
        nodes = np.column_stack((self._cuts[cut_of], y[order][fresh]))
        left, right = node[: len(slab)], node[len(slab) :]
        along = np.column_stack((np.where(bottom, left, right), np.where(bottom, right, left), side))
        # How many more areas lie to the west of a cut than to its east, going up from each node.
        more = np.where(bottom, 1, -1)
        west = np.bincount(right, more, len(nodes)) - np.bincount(left, more, len(nodes))
        above = west.cumsum().round().astype(np.int64)
        up, down = np.flatnonzero(above > 0), np.flatnonzero(above < 0)
        upright = np.concatenate((np.column_stack((up, up + 1)), np.column_stack((down + 1, down))))
        return nodes, np.vstack((along, np.column_stack((upright, np.full(len(upright), _VERTICAL)))))


def _loops(nodes: Array, edges: Integers) -> list[list[Point]]:
    """Walk along the edges, left where there is a choice, and return the loops; none meets a node twice."""
    leaving: dict[int, list[tuple[int, int]]] = {}
    there = {(start, end) for start, end, _ in edges.tolist()}
    for start, end, side in edges.tolist():
        # Two edges there and back enclose nothing.
        if (end, start) not in there:
            leaving.setdefault(start, []).append((end, side))
    loops = []
    for start in leaving:
        while leaving[start]:
            walked: list[tuple[int, int]] = []
            place: dict[int, int] = {}
            node, came = start, None
            while True:
                if node in place:
                    loop = walked[place[node] :]
                    del walked[place[node] :]
                    loops.append(_corners(nodes, loop))
                    for passed, _ in loop:
                        del place[passed]
                if not leaving.get(node):
                    break
                choice = _leftmost(nodes, came, node, leaving[node])
                end, side = leaving[node].pop(choice)
                place[node] = len(walked)
                walked.append((node, side))
                node, came = end, node
    return [loop for loop in loops if len(loop) >= 3 and _area(loop) > 0]


def _leftmost(nodes: Array, came: int | None, node: int, ways: list[tuple[int, int]]) -> int:
    if came is None or len(ways) == 1:
        return 0
    back = nodes[came] - nodes[node]
    ahead = nodes[[end for end, _ in ways]] - nodes[node]
    # The first way clockwise from where we came from is the sharpest turn to the left of our heading.
    turned = (np.arctan2(back[1], back[0]) - np.arctan2(ahead[:, 1], ahead[:, 0])) % (2 * np.pi)
    return int(turned.argmin())


def _corners(nodes: Array, loop: list[tuple[int, int]]) -> list[Point]:
    """Return a loop's points, save those at which it goes on along the same side."""
    return [
        (float(nodes[node, 0]), float(nodes[node, 1]))
        for at, (node, side) in enumerate(loop)
        if loop[at - 1][1] != side
    ]


def _straightened(loop: list[Point], snap: float) -> list[Point]:
    """Return an outline without corners on the way between their neighbours, of sides on one line."""
    kept: list[Point] = []
    for at, (x, y) in enumerate(loop):
        before, after = kept[-1] if kept else loop[-1], loop[(at + 1) % len(loop)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        if abs(dx * (y - before[1]) - dy * (x - before[0])) > snap * math.hypot(dx, dy):
            kept.append((x, y))
    return kept


def _area(loop: list[Point]) -> float:
    x, y = np.array(loop).T - np.array(loop[0])[:, None]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
