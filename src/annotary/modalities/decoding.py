"""Why an answer could not be decoded: finds the path and the reason. Runs only once decoding has failed."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.ontology.pointers import Complaint, complaint_of, escape, value_at

ROOT = "/answer"
_DEPTH_MAX = 8
_SNIPPET_BYTES_MAX = 20
_SCANNED_BYTES_MAX = 1 << 20
_BYTE = re.compile(r"\(byte (\d+)\)")
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|[{}\[\],:]', re.DOTALL)
_WORD = re.compile(rb"-?[A-Za-z0-9.+_-]+")


def explain(raw: bytes, error: Exception) -> InvalidAnswer:
    """Return the error to raise for a text that the decoder refused with `error`."""
    if isinstance(error, msgspec.ValidationError):
        complaint = complaint_of(str(error), ROOT)
        return InvalidAnswer(path=complaint.path, found=_found(raw, complaint), expected=complaint.expected)
    if isinstance(error, RecursionError):
        return InvalidAnswer(
            path=pointer_at(raw, len(raw)), found="deeper nesting", expected="values, not nests"
        )
    if isinstance(error, UnicodeDecodeError):
        offset = _first_byte_not_utf8(raw)
        return InvalidAnswer(
            path=pointer_at(raw, offset), found=raw[offset : offset + 1], expected="text in UTF-8"
        )
    place = _BYTE.search(str(error))
    offset = _start_of_word(raw, int(place.group(1))) if place else len(raw)
    snippet = raw[offset : offset + _SNIPPET_BYTES_MAX]
    word = _WORD.match(snippet)
    found = (
        (word.group() if word else snippet).decode("utf-8", "replace") if snippet else "the end of the text"
    )
    return InvalidAnswer(
        path=pointer_at(raw, offset), found=found, expected="JSON (RFC 8259: no NaN, no Infinity)"
    )


def _found(raw: bytes, complaint: Complaint) -> Any:
    """Return the value that was refused, or the field's name where the field itself is the trouble."""
    if complaint.at_field:
        missing = complaint.expected == "this field"
        return NOTHING if missing else complaint.path.rsplit("/", 1)[1]
    try:
        return value_at(msgspec.json.decode(raw), complaint.path, ROOT)
    except (ValueError, RecursionError):
        return "a value that cannot be read"


def _first_byte_not_utf8(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(raw)


def _start_of_word(raw: bytes, offset: int) -> int:
    """The decoder points at the first wrong byte, which may lie within a word such as -Infinity."""
    offset = max(0, min(offset, len(raw) - 1))
    for word in _WORD.finditer(raw, max(0, offset - _SNIPPET_BYTES_MAX), offset + 1):
        if word.end() > offset:
            return word.start()
    return offset


def pointer_at(raw: bytes, offset: int) -> str:
    """Return the JSON pointer of what stands at a byte offset, scanning tokens without recursion.

    Steps below _DEPTH_MAX are left out; a text too long to scan gives the root: a hint, at a bounded
    price.
    """
    if offset > _SCANNED_BYTES_MAX:
        return ROOT
    steps: list[int | str] = []
    name = ""
    depth = 0
    for token in _TOKEN.finditer(raw, 0, offset):
        mark = token.group()
        if mark in (b"{", b"["):
            depth += 1
            if depth <= _DEPTH_MAX:
                steps.append("" if mark == b"{" else 0)
        elif mark in (b"}", b"]"):
            if depth <= _DEPTH_MAX and steps:
                steps.pop()
            depth -= 1
        elif depth <= _DEPTH_MAX and steps:
            steps[-1], name = _advance(steps[-1], name, token)
    return ROOT + "".join(f"/{escape(str(step))}" for step in steps if step != "")


def _advance(step: int | str, name: str, token: re.Match[bytes]) -> tuple[int | str, str]:
    mark = token.group()
    if mark == b",":
        return (step + 1 if isinstance(step, int) else ""), name
    if mark == b":":
        return (name if isinstance(step, str) else step), name
    return step, token.group(1).decode("utf-8", "replace")
