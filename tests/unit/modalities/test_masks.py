"""Masks as runs: COCO's own encoding, and the same numbers as from filled-in images."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from annotary.kernel import limits
from annotary.modalities.answers import merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.image.mask.run_length import (
    InvalidCounts,
    canonical_counts,
    decode_counts,
    encode_counts,
)
from annotary.modalities.image.mask.runs import bounds, counts_of, iou, runs_of, vote

from .strategies import ITEMS, encode, validator_of

HEIGHT, WIDTH = 5, 7
filled = arrays.arrays(np.bool_, (HEIGHT, WIDTH)).filter(lambda pixels: pixels.any())


def counts(pixels: Any) -> list[int]:
    """The run lengths of an image, column by column."""
    turns = np.flatnonzero(np.diff(pixels.T.ravel(), prepend=False))
    found: list[int] = np.diff(turns, prepend=0, append=pixels.size).tolist()
    return found if found[-1] else found[:-1]


# Written by COCO's reference implementation (pycocotools 2.0) for these run lengths.
REFERENCE = [
    ([60, 1, 43, 1, 3], "l11[10hN"),
    ([168, 7, 9], "X579"),
    ([48200, 4, 476, 4, 476, 4, 258036], "XR_14l>000h`k7"),
]


@pytest.mark.parametrize(("lengths", "text"), REFERENCE)
def test_the_text_is_that_of_coco(lengths: list[int], text: str) -> None:
    assert encode_counts(lengths) == text
    assert decode_counts(text, 100) == lengths


@given(st.lists(st.integers(0, 1 << 31), max_size=30))
def test_every_length_survives(lengths: list[int]) -> None:
    assert decode_counts(encode_counts(lengths), 30) == lengths


@given(st.text(st.characters(max_codepoint=130), max_size=12))
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        found = decode_counts(text, 5)
    except InvalidCounts:
        return
    assert len(found) <= 5


@given(filled, st.lists(st.integers(0, 12), max_size=3))
def test_empty_runs_mean_nothing(pixels: Any, places: list[int]) -> None:
    plain = counts(pixels)
    split = list(plain)
    for place in sorted(places, reverse=True):
        at = min(place, len(split) - 1)
        split[at : at + 1] = [split[at], 0, 0]
    assert canonical_counts(split, pixels.size) == plain


@settings(max_examples=200)
@given(filled, filled)
def test_overlap_and_bounds_are_those_of_the_pixels(first: Any, second: Any) -> None:
    one, other = runs_of(counts(first)), runs_of(counts(second))
    assert iou(one, other) == pytest.approx((first & second).sum() / (first | second).sum())
    assert one.area == first.sum() and counts_of(one, first.size) == counts(first)
    down, across = np.nonzero(first)
    whole_column = np.array_equal(np.unique(np.diff(down)), [1])
    left, top, right, bottom = bounds(one, HEIGHT)
    assert (left, right) == (across.min(), across.max() + 1)
    assert (top <= down.min() and bottom > down.max()) or whole_column


@settings(max_examples=200)
@given(st.lists(st.tuples(filled, st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=5))
def test_a_vote_is_that_of_each_pixel(votes: list[tuple[Any, float]]) -> None:
    masks, weights = [runs_of(counts(pixels)) for pixels, _ in votes], [weight for _, weight in votes]
    dense = 2 * sum(pixels * weight for pixels, weight in votes) >= sum(weights)
    found = vote(masks, weights)
    assert found.area == dense.sum()
    if found.area:
        assert counts_of(found, dense.size) == counts(dense)


def test_masks_are_merged_pixel_by_pixel() -> None:
    validator = validator_of("image", {"mask": {}})
    size = ITEMS["image"]["height"] * ITEMS["image"]["width"]

    def answer(start: int, length: int, label: str = "plain") -> Any:
        mark = {"label": label, "counts": [start, length, size - start - length]}
        return validator.validate(encode({"mask": [mark]}), ITEMS["image"]).answer

    merged = merge_answers(
        validator, [answer(10, 90), answer(20, 90), answer(15, 70, "other")], ITEMS["image"]
    )
    (mask,) = merged.value.mask
    assert (mask.label, mask.size) == ("plain", (480, 640))
    assert decode_counts(mask.counts, 9) == [15, 85, size - 100]
    assert merged.confidence == pytest.approx(2 / 3)


def test_a_list_and_a_text_are_the_same_answer() -> None:
    validator = validator_of("image", {"mask": {}})
    lengths, text = REFERENCE[2]
    found = [
        validator.validate(encode({"mask": [{"label": "plain", **mark}]}), ITEMS["image"])
        for mark in ({"counts": lengths}, {"counts": text, "size": [480, 640]})
    ]
    assert found[0].encoded == found[1].encoded
    assert b'"counts":"XR_14l>000h`k7"' in found[0].encoded


def test_runs_are_limited_over_all_masks_of_an_answer() -> None:
    validator = validator_of("image", {"mask": {}})
    pixels = ITEMS["image"]["height"] * ITEMS["image"]["width"]
    half = limits.MASK_RUNS_PER_ANSWER_MAX // 2
    lengths = [1] * (half + 9) + [pixels - half - 9]
    document = {"mask": [{"label": "plain", "counts": encode_counts(lengths)}] * 2}
    with pytest.raises(InvalidAnswer, match=re.escape("runs in one answer")) as raised:
        validator.validate(encode(document), ITEMS["image"])
    assert raised.value.path == "/answer/mask/1/counts"
