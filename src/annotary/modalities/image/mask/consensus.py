"""How masks are compared and merged: by overlap, run by run."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.kernel.limits import MASK_RUNS_PER_ANSWER_MAX
from annotary.modalities.geometry import frame_size
from annotary.modalities.image.mask.checking import Mask, by_counts
from annotary.modalities.image.mask.run_length import decode_counts, encode_counts
from annotary.modalities.image.mask.runs import Runs, bounds, counts_of, iou, runs_of, vote
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import (
    MATCHING_IOU,
    Pair,
    best_pairs,
    merge_marks,
    most_central,
    shape_pairs,
)
from annotary.modalities.voting import Weights


def agreement(first: Sequence[Mask], second: Sequence[Mask], context: Context) -> float:
    """Return 2 * the sum of IoUs / (|first| + |second|), in the best pairing of equal labels.

    For one mask each it is their IoU.
    """
    if not first and not second:
        return 1.0
    pairs = _pairs(_read(first), _read(second), frame_size(context.item)[1], 0.0)
    alike = [pair for pair in pairs if first[pair.first].label == second[pair.second].label]
    return 2 * sum(pair.overlap for pair in best_pairs(alike)) / (len(first) + len(second))


def merge(values: Sequence[Sequence[Mask]], context: Context, weights: Weights) -> Merged:
    """Return, of each mask that more than half drew, the pixels that at least half of these cover."""
    width, height = frame_size(context.item)
    masks = [_read(value) for value in values]
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: _pairs(masks[a], masks[b], height, MATCHING_IOU),
        lambda members, heard: _voted(members, heard, width * height),
    )
    return Merged(in_order(merged.value, by_counts), merged.confidence)


def _read(value: Sequence[Mask]) -> list[Runs]:
    return [runs_of(decode_counts(str(mask.counts), MASK_RUNS_PER_ANSWER_MAX)) for mask in value]


def _pairs(first: list[Runs], second: list[Runs], height: int, iou_min: float) -> list[Pair]:
    return shape_pairs(first, second, lambda masks: _boxes(masks, height), iou, iou_min)


def _boxes(masks: Sequence[Runs], height: int) -> NDArray[np.float64]:
    return np.array([bounds(runs, height) for runs in masks], dtype=np.float64).reshape(-1, 4)


def _voted(members: list[Mask], weights: Weights, pixels: int) -> Mask:
    masks = _read(members)
    covered = vote(masks, weights)
    if not covered.area:
        # Masks in a chain, of which no half shares a pixel: the one closest to all.
        return members[most_central(masks, weights, iou)]
    return msgspec.structs.replace(members[0], counts=encode_counts(counts_of(covered, pixels)))
