"""COCO's run-length encoding of a mask, as numbers and as text."""

from __future__ import annotations

from collections.abc import Sequence

# The text has six bits a character, from this one on: five of the number, and one for more to come.
_FIRST = ord("0")
_CHARACTERS = 64
_MORE = 0x20
_SIGN = 0x10
_BITS = 5
_SHIFT_MAX = 35


class InvalidCounts(ValueError):
    """The text is no run-length encoding; the arguments are what was found and what was expected."""


def decode_counts(text: str, runs_max: int) -> list[int]:
    """Return the run lengths in a compressed text; raises InvalidCounts.

    As in COCO's reference implementation (maskApi.c, rleFrString): a number is written from its lowest five
    bits on, with a sign; from the fourth on it is the difference to the number two before it.
    """
    counts: list[int] = []
    number = shift = 0
    for at, character in enumerate(text):
        bits = ord(character) - _FIRST
        if not 0 <= bits < _CHARACTERS or shift > _SHIFT_MAX:
            raise InvalidCounts(f"{character!r} at {at}", "COCO's compressed counts: characters from 0 to o")
        number |= (bits & (_MORE - 1)) << shift
        shift += _BITS
        if bits & _MORE:
            continue
        if bits & _SIGN:
            number -= 1 << shift
        if len(counts) > 2:
            number += counts[-2]
        counts.append(number)
        number = shift = 0
        if len(counts) > runs_max:
            raise InvalidCounts(f"more than {runs_max} runs", f"at most {runs_max}")
    if shift:
        raise InvalidCounts("a text that ends within a number", "all of it")
    return counts


def encode_counts(counts: Sequence[int]) -> str:
    """Return run lengths as compressed text (maskApi.c, rleToString)."""
    written = []
    for at, count in enumerate(counts):
        number = count - counts[at - 2] if at > 2 else count
        while True:
            bits = number & (_MORE - 1)
            number >>= _BITS
            if number == (-1 if bits & _SIGN else 0):
                written.append(bits)
                break
            written.append(bits | _MORE)
    return bytes(bits + _FIRST for bits in written).decode("ascii")


def canonical_counts(counts: Sequence[int], pixels: int) -> list[int]:
    """Return the same mask without empty runs but the first; raises InvalidCounts.

    The lengths must add up to the image's `pixels`, and some pixel must lie in the mask.
    """
    canonical: list[int] = []
    total = 0
    for at, count in enumerate(counts):
        if count < 0:
            raise InvalidCounts(count, "lengths of at least 0")
        total += count
        if count and canonical and (len(canonical) - 1) % 2 == at % 2:
            canonical[-1] += count
        elif count or not canonical:
            if not canonical and at % 2:
                canonical.append(0)
            canonical.append(count)
    if total != pixels:
        raise InvalidCounts(f"{total} pixels", f"{pixels}, as many as the image has")
    if len(canonical) < 2:
        raise InvalidCounts("a mask without a pixel", "at least one pixel inside")
    return canonical
