"""What an item is, what an answer says, and which tasks of a group stand out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

_encode = msgspec.json.Encoder(order="deterministic").encode
# Who stands out in a group is compared with so many of the others.
COMPARED_WITH = 3
SHOWN_CHARACTERS = 120


def content_key(payload: Mapping[str, Any]) -> int:
    """Return 64 bits that name what is to be labelled: the text, the compared texts, or the bytes."""
    content = payload.get("asset") or payload
    return int.from_bytes(blake3(_encode(content)).digest(8), "little")


def text_of(payload: Mapping[str, Any]) -> str | None:
    """Return an item's text, or None where it is none: what was asked, what was said, what is judged."""
    said = [_said(payload[name]) for name in ("prompt", "messages", "text", "a", "b") if name in payload]
    said += map(str, payload.get("candidates", ()))
    return "\n".join(said) if said else None


def _said(value: Any) -> str:
    return value if isinstance(value, str) else " ".join(turn.get("content", "") for turn in value)


def sayings(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says, without where: labels with their attributes, choices, flags.

    Two people never draw the same outline; that they see other things is a contradiction.
    """
    said: dict[str, Any] = {}
    for tool, value in answer.items():
        if tool == "justification":
            continue
        if isinstance(value, list):
            value = sorted(_label_of(mark) for mark in value)
        said[tool] = value
    return said


def saying_key(said: Mapping[str, Any]) -> int:
    """Return 64 bits that name what an answer says."""
    return int.from_bytes(blake3(_encode(said)).digest(8), "little")


def shown(said: Mapping[str, Any]) -> str:
    """Return what an answer says, for people."""
    parts = [
        ", ".join(f"{label} x {count}" if count > 1 else label for label, count in Counter(value).items())
        if isinstance(value, list)
        else f"{tool} {_encode(value).decode()}"
        for tool, value in said.items()
    ]
    text = "; ".join(parts) or "nothing"
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _label_of(mark: Any) -> str:
    if not isinstance(mark, dict):
        return _encode(mark).decode()
    attributes = mark.get("attributes")
    label = str(mark.get("label", ""))
    return f"{label} {_encode(attributes).decode()}" if attributes else label


def groups(keys: NDArray[Any]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of equal keys, for each key that occurs more than once; in the order of the keys."""
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1]))
    for start, end in zip(edges, np.append(edges[1:], len(keys)), strict=True):
        if end - start > 1:
            yield order[start:end]


def outliers(saying_keys: Sequence[int]) -> list[tuple[int, list[int], float]]:
    """Return who in a group says something else than the most: (place, places to compare with, score).

    The score is the share of the others that say otherwise. Where several sayings are the most frequent
    ones, everybody is in doubt.
    """
    counts = Counter(saying_keys)
    if len(counts) == 1:
        return []
    most = max(counts.values())
    leading = [key for key, count in counts.items() if count == most]
    first: dict[int, list[int]] = {key: [] for key in leading[: COMPARED_WITH + 1]}
    for place, key in enumerate(saying_keys):
        if key in first and len(first[key]) < COMPARED_WITH:
            first[key].append(place)
    found = []
    for place, key in enumerate(saying_keys):
        if leading != [key]:
            others = [there for leader, places in first.items() if leader != key for there in places]
            score = 1 - (counts[key] - 1) / (len(saying_keys) - 1)
            found.append((place, others[:COMPARED_WITH], score))
    return found
