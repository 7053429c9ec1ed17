"""Chat preferences in JSONL, in the shapes that circulate, as rows to compare.

`{"prompt" | "messages", "chosen", "rejected"}`: which reply was chosen must not show, so which of them
becomes `a` depends on a hash of the row; the choice is kept in the item's metadata, which annotators do not
see. `{"instruction", "input"?, "response1", "response2"}`: already without a winner; the order stays.
All other fields become metadata.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any

import msgspec
from blake3 import blake3

from annotary.catalog.payloads import Message
from annotary.formats.rows import NO_RAW, InvalidRow, TextRow, UniqueId

_USED = (
    "unique_id",
    "prompt",
    "messages",
    "chosen",
    "rejected",
    "instruction",
    "input",
    "response1",
    "response2",
)


class _Turn(msgspec.Struct):
    """A message as it is found, with fields that we leave out."""

    role: str
    content: str


Content = str | list[_Turn]


class _Row(msgspec.Struct, gc=False):
    unique_id: UniqueId | None = None
    prompt: Content | None = None
    messages: list[_Turn] | None = None
    chosen: Content | None = None
    rejected: Content | None = None
    instruction: str | None = None
    input: str | None = None
    response1: str | None = None
    response2: str | None = None


_row = msgspec.json.Decoder(_Row)
_encode = msgspec.json.Encoder(order="deterministic").encode


def decode(line: bytes) -> TextRow:
    """Read one line; raises msgspec's errors, or InvalidRow where the line has neither shape."""
    row = _row.decode(line)
    others = {name: value for name, value in msgspec.json.decode(line).items() if name not in _USED}
    if row.chosen is not None and row.rejected is not None:
        return _of_chosen(row, others)
    if row.instruction is not None and row.response1 is not None and row.response2 is not None:
        prompt = f"{row.instruction}\n\n{row.input}" if row.input else row.instruction
        return _text_row(row.unique_id, prompt, row.response1, row.response2, others)
    found = ", ".join(name for name in _USED if getattr(row, name) is not None) or "none of these fields"
    expected = "`chosen` and `rejected`, or `instruction`, `response1` and `response2`"
    raise InvalidRow(path="/", found=found, expected=expected)


def _of_chosen(row: _Row, others: dict[str, Any]) -> TextRow:
    assert row.chosen is not None and row.rejected is not None
    prompt: Content | None = row.prompt if row.prompt is not None else row.messages
    chosen, rejected = row.chosen, row.rejected
    if prompt is None and isinstance(chosen, list) and isinstance(rejected, list):
        prompt = [
            one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(chosen, rejected, strict=False))
        ]
    if prompt is None:
        raise InvalidRow(path="/prompt", found=None, expected="`prompt` or `messages`")
    replies = (_last(chosen, "/chosen"), _last(rejected, "/rejected"))
    swapped = blake3(_encode([prompt, *sorted(replies)])).digest()[0] & 1 ^ (replies[0] > replies[1])
    first, second = reversed(replies) if swapped else replies
    return _text_row(row.unique_id, prompt, first, second, {**others, "chosen": "b" if swapped else "a"})


def _last(content: Content, path: str) -> str:
    """Return a reply's text: the last message where a whole conversation is given."""
    if isinstance(content, str):
        return content
    if not content:
        raise InvalidRow(path=path, found=[], expected="a reply")
    return content[-1].content


def _text_row(unique_id: str | None, prompt: Content, a: str, b: str, others: dict[str, Any]) -> TextRow:
    metadata = msgspec.Raw(_encode(others)) if others else NO_RAW
    said = prompt if isinstance(prompt, str) else [Message(turn.role, turn.content) for turn in prompt]
    return TextRow(unique_id=unique_id, prompt=said, a=a, b=b, metadata=metadata)
