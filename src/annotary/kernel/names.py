"""Names, texts and ids that stand in request bodies: what they may hold."""

from __future__ import annotations

import re
from uuid import UUID

from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import PREFIXES, UnknownId, parse_id

_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def check_name(name: str, path: str = "/name", characters_max: int = limits.NAME_CHARACTERS_MAX) -> str:
    """Return the name without white space at its ends; raises Invalid when empty, too long or unprintable."""
    clean = name.strip()
    if not clean or len(clean) > characters_max or _CONTROL.search(clean):
        expected = f"1 to {characters_max} characters, none of them a control character"
        raise Invalid(path=path, found=name, expected=expected)
    return clean


def check_text(text: str, path: str, characters_max: int, *, may_be_empty: bool = False) -> str:
    """Return a text of a body; raises Invalid where it is empty, too long, or holds what no text may hold."""
    fits = len(text) <= characters_max and (may_be_empty or bool(text.strip()))
    if not fits or _NO_TEXT.search(text):
        least = "up to" if may_be_empty else "1 to"
        expected = f"{least} {characters_max} characters, no zero character"
        raise Invalid(path=path, found=text, expected=expected)
    return text


def body_id(kind: str, text: str, path: str) -> UUID:
    """Return the UUID of an outside id that stands at `path` of a body; raises Invalid for another."""
    try:
        return parse_id(kind, text)
    except UnknownId:
        expected = f"{PREFIXES[kind]}_ and 32 hexadecimal digits"
        raise Invalid(path=path, found=text, expected=expected) from None
