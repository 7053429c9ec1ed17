"""Which marks of different annotators mean the same thing, and the merge that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import Mark
from annotary.modalities.voting import majority_attributes, majority_label, mean_share

M = TypeVar("M", bound=Mark)
MATCHING_IOU = 0.5
_CELLS_MAX = 1 << 20
_CANDIDATES_MAX = 64


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
    context: Context,
    pairs_of: Callable[[int, int], Iterable[Pair]],
    combine: Callable[[list[M]], M],
) -> Merged:
    """Cluster the annotators' marks, keep the clusters that more than half marked, and combine each.

    `pairs_of(a, b)` gives the overlapping pairs of two annotators' values; `combine` the geometry of a
    cluster. The label and the attributes are voted on. A cluster's share is that of the annotators behind the
    winning label, or, where it is dropped, of those who did not mark it.
    """
    kept: list[M] = []
    shares: list[float] = []
    for members in clusters(values, pairs_of):
        if 2 * len(members) <= len(values):
            shares.append(1 - len(members) / len(values))
            continue
        label = majority_label(members, context.label_order)
        voters = [mark for mark in members if mark.label == label]
        attributes = majority_attributes(voters)
        kept.append(msgspec.structs.replace(combine(members), label=label, attributes=attributes))
        shares.append(len(voters) / len(values))
    return Merged(kept, mean_share(shares))


def clusters(values: Sequence[Sequence[M]], pairs_of: Callable[[int, int], Iterable[Pair]]) -> list[list[M]]:
    """Cluster the marks, one of each annotator at most: greedily, equal labels and large overlaps first."""
    candidates = []
    for a in range(len(values)):
        for b in range(a + 1, len(values)):
            for overlap, i, j in pairs_of(a, b):
                differs = values[a][i].label != values[b][j].label
                candidates.append((differs, -overlap, (a, i), (b, j)))
    cluster_of = {(a, i): {a: i} for a, value in enumerate(values) for i in range(len(value))}
    for _, _, one, other in sorted(candidates):
        ours, theirs = cluster_of[one], cluster_of[other]
        if ours.keys().isdisjoint(theirs):
            ours.update(theirs)
            cluster_of.update(dict.fromkeys(theirs.items(), ours))
    distinct = {id(cluster): cluster for cluster in cluster_of.values()}
    return [[values[a][i] for a, i in sorted(cluster.items())] for cluster in distinct.values()]


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
    first: NDArray[np.float64], second: NDArray[np.float64], iou_min: float = MATCHING_IOU
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
