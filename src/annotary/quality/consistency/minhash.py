"""Texts that are nearly equal: MinHash signatures, banded so that only likely pairs are ever compared.

The share of common shingles (Jaccard) of two texts is the chance that the least of their hashed shingles is
the same one: *A. Z. Broder, On the resemblance and containment of documents, 1997*. With 16 bands of 4 hashes
a pair of similarity s shares a band with chance 1 - (1 - s^4)^16: 0.9998 at 0.8, 0.64 at 0.5, 0.02 at 0.2
(*J. Leskovec, A. Rajaraman, J. Ullman, Mining of massive datasets, chapter 3*). Each text costs 64 bytes and
its first some thousand characters; pairs are counted exactly before they are reported.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from annotary.kernel.limits import COMPARED_TEXT_CHARACTERS_MAX

SHINGLE_CHARACTERS = 5
BANDS, ROWS = 16, 4
_BASE = np.uint64(0x100000001B3)
_SPACE = re.compile(r"\s+")
Hashes = NDArray[np.uint64]


def _odd_numbers(count: int, seed: int) -> Hashes:
    numbers: Hashes = np.random.default_rng(seed).integers(1, 2**63, count, dtype=np.uint64)
    return numbers | np.uint64(1)


# Fixed, so that what is found does not depend on the run.
_FACTORS, _MIX = _odd_numbers(BANDS * ROWS, 1), _odd_numbers(ROWS, 2)


def shingles(text: str) -> Hashes:
    """Return the distinct hashed shingles of a text, ascending; case and white space do not matter."""
    plain = _SPACE.sub(" ", text[:COMPARED_TEXT_CHARACTERS_MAX].casefold()).strip()
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    width = min(SHINGLE_CHARACTERS, len(points))
    rolled = np.zeros(len(points) - width + 1 if width else 0, np.uint64)
    for offset in range(width):
        rolled = rolled * _BASE + points[offset : offset + len(rolled)]
    return np.unique(_mixed(rolled))


def bands(hashed: Hashes) -> NDArray[np.uint32]:
    """Return (BANDS): two texts with an equal band are compared. A text without a shingle is its own."""
    if not len(hashed):
        return np.zeros(BANDS, np.uint32)
    # Multiply-shift: the product's upper half is the hash.
    least = ((hashed[None, :] * _FACTORS[:, None]) >> np.uint64(32)).min(axis=1).reshape(BANDS, ROWS)
    return (_mixed((least * _MIX).sum(axis=1, dtype=np.uint64)) >> np.uint64(32)).astype(np.uint32)


def similarity(one: Hashes, other: Hashes) -> float:
    """Return the share of common shingles of two texts, 0 to 1."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(1, len(one) + len(other) - shared)


def _mixed(numbers: Hashes) -> Hashes:
    """Spread numbers over all 64 bits: the finisher of SplitMix64 (Steele, Lea and Flood, 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = numbers ^ (numbers >> np.uint64(31))
    return mixed
