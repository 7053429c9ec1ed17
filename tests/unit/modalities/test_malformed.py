"""Texts that are no JSON, or no sane JSON, are refused with the best path there is, and never crash."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotary.modalities.errors import InvalidAnswer

from .strategies import ITEMS, validator_of

VALIDATOR = validator_of("image", {"box": {}, "classification": {"required": False}})
GOOD = (
    b'{"justification": "a \\"b\\" \xc3\xa9 [", '
    b'"box": [{"label": "plain", "x": 1, "y": 2, "width": 3, "height": 4}]}'
)


def refusal(raw: bytes) -> InvalidAnswer:
    """Return the error that a text is refused with."""
    with pytest.raises(InvalidAnswer) as raised:
        VALIDATOR.validate(raw, ITEMS["image"])
    return raised.value


@pytest.mark.parametrize(
    ("raw", "path", "found"),
    [
        (GOOD.replace(b"3", b"NaN"), "/answer/box/0/width", "'NaN'"),
        (GOOD.replace(b"4", b"-Infinity"), "/answer/box/0/height", "'-Infinity'"),
        (GOOD.replace(b"2", b"+2"), "/answer/box/0/y", "'+2'"),
        (GOOD.replace(b"3", b"1e999"), "/answer/box/0/width", "a finite number"),
        (GOOD.replace(b"\xc3\xa9", b"\xff"), "/answer/justification", "b'\\xff'"),
        (GOOD.replace(b"plain", b"pl\x01in"), "/answer/box/0/label", "'\\x01in"),
        (GOOD[:-4], "/answer/box/0/height", "the end of the text"),
        (GOOD.partition(b"1")[0], "/answer/box/0/x", "the end of the text"),
        (GOOD + b"]", "/answer", "']'"),
        (b"", "/answer", "the end of the text"),
        (GOOD.decode().encode("utf-16"), "/answer", ""),
        (GOOD.decode().encode("utf-8-sig"), "/answer", ""),
    ],
)
def test_the_place_of_the_trouble_is_found(raw: bytes, path: str, found: str) -> None:
    error = refusal(raw)
    assert error.path == path, error
    assert found in str(error)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 10_000,
        b'{"box":' * 10_000,
        b'{"box":[{"label":"plain","attributes":{"a":' + b"[" * 10_000,
        b'{"box":[{"label":"plain","attributes":{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}}]}",
        b'{"box":[{"label":"plain","attributes":' + b'{"a":' * 100_000,
        b'{"justification":' + b'"' * 100_000,
    ],
)
def test_deep_nesting_is_refused_quickly(raw: bytes) -> None:
    assert (refusal(raw).path or "").startswith("/answer")


@given(cut=st.integers(0, len(GOOD) - 1), junk=st.binary(max_size=12))
@example(cut=9, junk=b"\\ud800")
@example(cut=len(GOOD) - 20, junk=b"\xf0\x9f")
def test_damage_anywhere_is_refused_or_harmless(cut: int, junk: bytes) -> None:
    raw = GOOD[:cut] + junk + GOOD[cut + len(junk) :]
    try:
        VALIDATOR.validate(raw, ITEMS["image"])
    except InvalidAnswer as error:
        assert (error.path or "").startswith("/answer")


@given(raw=st.binary(max_size=64))
def test_noise_is_refused(raw: bytes) -> None:
    try:
        VALIDATOR.validate(raw, ITEMS["image"])
    except InvalidAnswer as error:
        assert (error.path or "").startswith("/answer")
