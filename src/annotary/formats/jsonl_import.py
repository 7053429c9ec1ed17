"""Annotary's own JSONL: one row a line, which is a text, a prompt with replies, a conversation or an asset.

`{"unique_id", "text"}`, `{"unique_id", "prompt", "a", "b"}`, `{"unique_id", "prompt", "candidates"}`,
`{"unique_id", "prompt", "text"?}`, `{"unique_id", "messages", "prompt"?}` or `{"unique_id", "asset"}`. With
`"gold": {"answer", "qualification"?}` a row's task becomes a gold task.
"""

from __future__ import annotations

import msgspec

from annotary.formats.rows import AssetRow, Decode, TextRow

_text = msgspec.json.Decoder(TextRow)
_asset = msgspec.json.Decoder(AssetRow)


def decoder(modality: str) -> Decode:
    """Return what reads one line of a modality's rows; it raises msgspec's errors."""
    return _text.decode if modality == "text" else _asset.decode
