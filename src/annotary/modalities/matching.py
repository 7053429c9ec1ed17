"""Which marks of different annotators mean the same thing, and the merge that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.assignment import assign
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import Mark
from annotary.modalities.voting import Weights, is_majority, majority_attributes, majority_label, mean_share

M = TypeVar("M", bound=Mark)
S = TypeVar("S")
# Two marks agree from this overlap on.
AGREEING_IOU = 0.5
# Two marks may mean the same thing from this overlap on; the best pairing decides. It is lower because small
# things drawn by careful people overlap little: three readers of a lung nodule have a pair below 0.5 in 9 %.
MATCHING_IOU = 0.3
_TOUCHING = 1e-9
_CELLS_MAX = 1 << 20
_CANDIDATES_MAX = 64
_ASSIGNED_CELLS_MAX = 1 << 16


class Pair(NamedTuple):
    """Two marks, by their places in the two values, that overlap by `overlap` (0 to 1)."""

    overlap: float
    first: int
    second: int


def f1(first: Sequence[Mark], second: Sequence[Mark], pairs: Iterable[Pair]) -> float:
    """Return 2 * matched / (|first| + |second|) under the largest one-to-one matching of equal labels.

    The largest matching's size does not depend on any order, which makes the measure symmetric.
    """
    linked: dict[int, list[int]] = {}
    for pair in pairs:
        if first[pair.first].label == second[pair.second].label:
            linked.setdefault(pair.first, []).append(pair.second)
    return 2 * _largest_matching(linked) / (len(first) + len(second))


def _largest_matching(linked: Mapping[int, Sequence[int]]) -> int:
    """Return the size of a maximum bipartite matching, by augmenting paths (Kuhn 1955)."""
    partner: dict[int, int] = {}
    taken_by: dict[int, int] = {}
    for start in linked:
        reached_from: dict[int, int] = {}
        free: int | None = None
        queue = [start]
        for node in queue:
            for other in linked[node]:
                if other not in reached_from:
                    reached_from[other] = node
                    if other not in taken_by:
                        free = other
                        break
                    queue.append(taken_by[other])
            if free is not None:
                break
        while free is not None:
            node = reached_from[free]
            released = partner.get(node)
            partner[node], taken_by[free] = free, node
            free = released
    return len(taken_by)


def merge_marks(
    values: Sequence[Sequence[M]],
    weights: Weights,
    context: Context,
    pairs_of: Callable[[int, int], Iterable[Pair]],
    combine: Callable[[list[M], list[float]], M],
) -> Merged:
    """Cluster the annotators' marks, keep the clusters that more than half marked, and combine each.

    `pairs_of(a, b)` gives the overlapping pairs of two annotators' values; `combine` the geometry of a
    cluster of weighted marks. The label and the attributes are voted on. A cluster's share is that of the
    votes behind the winning label, or, where it is dropped, of those who did not mark it.
    """
    total = sum(weights)
    kept: list[M] = []
    shares: list[float] = []
    for cluster in clusters(values, pairs_of):
        members, heard = [values[a][i] for a, i in cluster], [weights[a] for a, _ in cluster]
        if not is_majority(sum(heard), total):
            shares.append(1 - sum(heard) / total)
            continue
        label = majority_label(members, heard, context.label_order)
        voters = [at for at, mark in enumerate(members) if mark.label == label]
        behind = [heard[at] for at in voters]
        attributes = majority_attributes([members[at] for at in voters], behind)
        kept.append(msgspec.structs.replace(combine(members, heard), label=label, attributes=attributes))
        shares.append(sum(behind) / total)
    return Merged(kept, mean_share(shares))


def clusters(
    values: Sequence[Sequence[Mark]], pairs_of: Callable[[int, int], Iterable[Pair]]
) -> list[list[tuple[int, int]]]:
    """Cluster the marks, as (annotator, place), one of each annotator at most.

    Any two annotators' marks are paired for the largest sum of overlaps, where an equal label is worth a
    whole overlap; then the pairs join clusters, the best first, unless an annotator would be in one twice.
    """
    links = []
    for a in range(len(values)):
        for b in range(a + 1, len(values)):
            candidates = (
                Pair(overlap + (values[a][i].label == values[b][j].label), i, j)
                for overlap, i, j in pairs_of(a, b)
            )
            links += [(-worth, (a, i), (b, j)) for worth, i, j in best_pairs(candidates)]
    cluster_of = {(a, i): {a: i} for a, value in enumerate(values) for i in range(len(value))}
    for _, one, other in sorted(links):
        ours, theirs = cluster_of[one], cluster_of[other]
        if ours.keys().isdisjoint(theirs):
            ours.update(theirs)
            cluster_of.update(dict.fromkeys(theirs.items(), ours))
    distinct = {id(cluster): cluster for cluster in cluster_of.values()}
    return [sorted(cluster.items()) for cluster in distinct.values()]


def best_pairs(candidates: Iterable[Pair]) -> list[Pair]:
    """Return the one-to-one pairing of candidates with the largest sum of overlaps (the assignment problem).

    Groups that no candidate connects are solved apart; one too large for that is paired greedily.
    """
    found: list[Pair] = []
    for group in _connected(candidates):
        rows = {row: at for at, row in enumerate(sorted({pair.first for pair in group}))}
        columns = {column: at for at, column in enumerate(sorted({pair.second for pair in group}))}
        if len(group) == 1:
            found += group
        elif len(rows) * len(columns) > _ASSIGNED_CELLS_MAX:
            found += _greedy_pairs(group)
        else:
            costs = np.zeros((len(rows), len(columns)))
            for overlap, i, j in group:
                costs[rows[i], columns[j]] = -overlap
            chosen = set(zip(*(side.tolist() for side in assign(costs)), strict=True))
            found += [pair for pair in group if (rows[pair.first], columns[pair.second]) in chosen]
    return found


def _connected(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Return the pairs in groups that share no mark."""
    group_of: dict[tuple[int, int], list[Pair]] = {}
    for pair in pairs:
        ours = group_of.setdefault((0, pair.first), [])
        theirs = group_of.setdefault((1, pair.second), ours)
        if theirs is not ours:
            small, large = sorted((ours, theirs), key=len)
            large += small
            for moved in small:
                group_of[0, moved.first] = group_of[1, moved.second] = large
            group_of[0, pair.first] = group_of[1, pair.second] = ours = large
        ours.append(pair)
    return list({id(group): group for group in group_of.values()}.values())


def _greedy_pairs(pairs: list[Pair]) -> list[Pair]:
    found: dict[int, Pair] = {}
    taken: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: (-pair.overlap, pair.first, pair.second)):
        if pair.first not in found and pair.second not in taken:
            found[pair.first] = pair
            taken.add(pair.second)
    return list(found.values())


def box_array(boxes: Sequence[Any]) -> NDArray[np.float64]:
    """Return boxes as rows of left, top, right, bottom."""
    rows = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def box_ious(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the IoU of boxes (left, top, right, bottom in the last axis), with broadcasting."""
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    shared: NDArray[np.float64] = np.clip(sides, 0.0, None).prod(axis=-1)
    areas = (first[..., 2:] - first[..., :2]).prod(axis=-1) + (second[..., 2:] - second[..., :2]).prod(
        axis=-1
    )
    total = areas - shared
    ious: NDArray[np.float64] = np.divide(shared, total, out=np.zeros_like(shared), where=total > 0)
    return ious


def box_pairs(
    first: NDArray[np.float64], second: NDArray[np.float64], iou_min: float = AGREEING_IOU
) -> list[Pair]:
    """Return the pairs of boxes whose IoU is at least `iou_min`, in blocks of bounded memory.

    A box keeps its closest candidates only, so that thousands of boxes on one spot stay affordable.
    """
    pairs: list[Pair] = []
    rows = max(1, _CELLS_MAX // max(1, len(second)))
    for start in range(0, len(first), rows):
        for i, ious in enumerate(box_ious(first[start : start + rows, None], second[None]), start):
            found = np.flatnonzero(ious >= iou_min)
            if len(found) > _CANDIDATES_MAX:
                found = found[np.argsort(-ious[found], kind="stable")[:_CANDIDATES_MAX]]
            pairs += [Pair(float(ious[j]), i, int(j)) for j in found]
    return pairs


def near_pairs(first: NDArray[np.float64], second: NDArray[np.float64]) -> list[Pair]:
    """Return the pairs of rectangles that share some area: what may overlap at all."""
    return box_pairs(first, second, _TOUCHING)


def shape_pairs(
    first: Sequence[S],
    second: Sequence[S],
    bounds: Callable[[Sequence[S]], NDArray[np.float64]],
    iou: Callable[[S, S], float],
    iou_min: float,
) -> list[Pair]:
    """Return the pairs of shapes whose IoU is at least `iou_min`: only shapes whose boxes touch have any."""
    near = near_pairs(bounds(first), bounds(second))
    pairs = [Pair(iou(first[pair.first], second[pair.second]), pair.first, pair.second) for pair in near]
    return [pair for pair in pairs if pair.overlap >= iou_min]


def most_central(shapes: Sequence[S], weights: Weights, iou: Callable[[S, S], float]) -> int:
    """Return the place of the shape that is closest to all by mean IoU; the first among equals."""
    closeness = [
        sum(weight * iou(one, other) for other, weight in zip(shapes, weights, strict=True)) for one in shapes
    ]
    return closeness.index(max(closeness))
