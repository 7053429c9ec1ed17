"""What an item of the text modality carries."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import CHAT_MESSAGES_MAX, RANKING_CANDIDATES_MAX
from annotary.modalities.errors import NOTHING, InvalidItem
from annotary.modalities.label_type import Item


class AnyTextItem(msgspec.Struct, frozen=True):
    """A text or a comparison: classification asks for neither in particular."""


class TextItem(msgspec.Struct, frozen=True):
    """One text. Offsets into it count Unicode code points."""

    text: str


class PreferenceItem(msgspec.Struct, frozen=True):
    """A prompt (a text, or a conversation as a list of messages) and two replies to it."""

    prompt: str | list[dict[str, Any]]
    a: str
    b: str


class RankingItem(msgspec.Struct, frozen=True):
    """A prompt (a text, or a conversation as a list of messages) and several replies to it."""

    prompt: str | list[dict[str, Any]]
    candidates: Annotated[list[str], msgspec.Meta(min_length=2, max_length=RANKING_CANDIDATES_MAX)]


class Message(msgspec.Struct, frozen=True):
    """What somebody said in a conversation; roles are such as `user` and `assistant`."""

    role: str
    content: str


class ChatItem(msgspec.Struct, frozen=True):
    """A conversation, with what it is about if that is not said in it."""

    messages: Annotated[list[Message], msgspec.Meta(min_length=1, max_length=CHAT_MESSAGES_MAX)]
    prompt: str | list[dict[str, Any]] | None = None


class RewriteItem(msgspec.Struct, frozen=True):
    """A prompt to answer (a text, or a conversation as a list of messages), a text to rewrite, or both."""

    prompt: str | list[dict[str, Any]] = ""
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse an item with neither."""
        if not self.prompt and not self.text:
            raise ValueError("a prompt or a text")


def text_of(item: Item) -> str:
    """Return an item's text; raises InvalidItem where it has none."""
    text = item.get("text", NOTHING)
    if not isinstance(text, str):
        raise InvalidItem(path="/item/text", found=text, expected="a text")
    return text
