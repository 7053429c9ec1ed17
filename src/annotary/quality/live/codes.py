"""Answers as numbers: annotator and class in one, so that a task's answers are a small sorted array."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]

LABEL_BITS = 16
LABEL_MASK = (1 << LABEL_BITS) - 1
NO_CODES: array[int] = array("q")


def encode(given: Iterable[tuple[int, int]]) -> array[int]:
    """Return the codes of (annotator, class) pairs."""
    return array("q", sorted((annotator << LABEL_BITS) + label for annotator, label in given))


def read(codes: array[int]) -> Codes:
    """Return codes as numbers to calculate with."""
    return np.frombuffer(codes, np.int64)


def flat(answers: Sequence[array[int]]) -> tuple[Codes, Codes]:
    """Return the codes of several tasks one after another, and the place of each one's task."""
    codes = np.frombuffer(b"".join(answers), np.int64)
    return codes, np.repeat(np.arange(len(answers)), [len(one) for one in answers])
