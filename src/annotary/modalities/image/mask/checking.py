"""Reads masks and checks them against their image and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from annotary.kernel.limits import MASK_COUNTS_CHARACTERS_MAX, MASK_RUNS_PER_ANSWER_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import frame_size
from annotary.modalities.image.mask.run_length import (
    InvalidCounts,
    canonical_counts,
    decode_counts,
    encode_counts,
)
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.values import Definition

Text = Annotated[str, msgspec.Meta(max_length=MASK_COUNTS_CHARACTERS_MAX)]
Numbers = Annotated[list[int], msgspec.Meta(max_length=MASK_RUNS_PER_ANSWER_MAX)]


class Mask(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """A set of pixels; `size` is the image's height and width."""

    size: tuple[int, int] | None = None
    counts: Text | Numbers


def by_counts(mask: Mask) -> tuple[str, str]:
    """Return what canonical masks are ordered by."""
    return str(mask.counts), mask.label


def compile_masks(definition: Definition, settings: Settings) -> Callable[[list[Mask], Item], list[Mask]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "mask")

    def check(value: list[Mask], item: Item) -> list[Mask]:
        width, height = frame_size(item)
        runs_left = MASK_RUNS_PER_ANSWER_MAX
        checked = []
        for index, mask in enumerate(rules.check(value)):
            path = f"/answer/mask/{index}"
            if mask.size not in (None, (height, width)):
                expected = f"{height} and {width}, the image's height and width"
                raise InvalidAnswer(path=f"{path}/size", found=mask.size, expected=expected)
            counts = _check_counts(mask, height * width, runs_left, f"{path}/counts")
            runs_left -= len(counts)
            text = encode_counts(counts)
            checked.append(msgspec.structs.replace(mask, size=(height, width), counts=text))
        return in_order(checked, by_counts)

    return check


def _check_counts(mask: Mask, pixels: int, runs_left: int, path: str) -> list[int]:
    try:
        counts = decode_counts(mask.counts, runs_left) if isinstance(mask.counts, str) else mask.counts
        if len(counts) > runs_left:
            raise InvalidCounts(f"{len(counts)} runs", f"at most {runs_left}")
        return canonical_counts(counts, pixels)
    except InvalidCounts as error:
        found, expected = error.args
        limit = f" ({MASK_RUNS_PER_ANSWER_MAX} runs in one answer)" if "at most" in expected else ""
        raise InvalidAnswer(path=path, found=found, expected=expected + limit) from None
