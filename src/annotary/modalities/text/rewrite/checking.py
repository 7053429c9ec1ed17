"""Reads a written text and checks it against the tool's settings and its item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import REWRITE_CHARACTERS_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.items import read_item
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.text.items import RewriteItem
from annotary.ontology.values import Definition

_PATH = "/answer/rewrite/text"
_Length = Annotated[int, msgspec.Meta(ge=1, le=REWRITE_CHARACTERS_MAX)]
_DEFAULT_CHARACTERS_MAX = 20_000


class Rewrite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was written."""

    # Twice the limit, because line ends may count double until they are brought into order.
    text: Annotated[str, msgspec.Meta(max_length=2 * REWRITE_CHARACTERS_MAX)]


class RewriteSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long the text may be, and whether the item's own text is an answer."""

    required: bool = True
    characters_min: _Length = 1
    characters_max: _Length = _DEFAULT_CHARACTERS_MAX
    unchanged: bool = True

    def __post_init__(self) -> None:
        """Refuse a range that nothing is in."""
        if self.characters_min > self.characters_max:
            raise ValueError("a characters_max of at least characters_min")


def narrow_rewrite(schema: dict[str, Any], definition: Definition, settings: RewriteSettings) -> None:
    """Narrow the schema of a text to one that is not blank; line ends of two characters make it longer."""
    longest = 2 * settings.characters_max
    schema["properties"]["text"] |= {
        "minLength": settings.characters_min,
        "maxLength": longest,
        "pattern": "^[^\\u0000]*$",
    }


def compile_rewrite(definition: Definition, settings: RewriteSettings) -> Callable[[Rewrite, Item], Rewrite]:
    """Return the check of this tool's values under one definition's settings."""
    least, most = settings.characters_min, settings.characters_max

    def check(value: Rewrite, item: Item) -> Rewrite:
        before = read_item(item, RewriteItem).text
        text = _one_line_end(value.text)
        if "\0" in text:
            raise InvalidAnswer(path=_PATH, found=text, expected="a text without NUL")
        if not text.strip():
            raise InvalidAnswer(path=_PATH, found=text, expected="a text that is not blank")
        if not least <= len(text) <= most:
            raise InvalidAnswer(
                path=_PATH, found=f"{len(text)} characters", expected=f"{least} to {most} characters"
            )
        if not settings.unchanged and text == _one_line_end(before):
            raise InvalidAnswer(path=_PATH, found=text, expected="another text than the item's own")
        return Rewrite(text)

    return check


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
