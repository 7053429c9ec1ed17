"""Where in a JSON document something is wrong: msgspec's complaints as JSON pointers (RFC 6901)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_FIELD = re.compile(r"Object (?:contains unknown|missing required) field `(.*)`", re.DOTALL)
_PLACE = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]|\[\.\.\.\]")


class Complaint(NamedTuple):
    """What a decoder objected to. `at_field` says that the last step of `path` is a field's name."""

    path: str
    expected: str
    at_field: bool


def escape(step: str) -> str:
    """Return one step of a JSON pointer, escaped."""
    return step.replace("~", "~0").replace("/", "~1")


def complaint_of(message: str, root: str) -> Complaint:
    """Translate a msgspec ValidationError's message (`... - at `$.box[3].x``) to a pointer under `root`."""
    place = _PLACE.search(message)
    text = message[: place.start()] if place else message
    path = root
    for name, index in _STEP.findall(place.group(1) if place else ""):
        path += f"/{name or index}" if name or index else ""
    field = _FIELD.fullmatch(text)
    if field is None:
        return Complaint(path, _expectation(text), False)
    known = "no field of this name" if "unknown" in text.split("`", 1)[0] else "this field"
    return Complaint(f"{path}/{escape(field.group(1))}", known, True)


def _expectation(text: str) -> str:
    if text.startswith("Expected "):
        return text.removeprefix("Expected ").split(", got")[0].replace("`", "")
    if "out of range" in text:
        return "a finite number within 64 bits"
    return f"something else ({text})" if text.startswith("Invalid") else text


def value_at(document: Any, path: str, root: str) -> Any:
    """Return what stands at `path` of a decoded document, or None where nothing does."""
    for step in path.removeprefix(root).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        elif isinstance(document, dict) and name in document:
            document = document[name]
        else:
            return None
    return document
