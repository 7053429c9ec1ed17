"""Rows as items: canonical payload, business key and checked predictions, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.catalog.intake import NewItem
from annotary.catalog.job_runs import Refusal
from annotary.catalog.payloads import (
    ChatPayload,
    ComparedPayload,
    PromptedPayload,
    RankedPayload,
    TextPayload,
    Written,
    written_as,
)
from annotary.dispatch.release_rows import Suggested
from annotary.formats.rows import (
    NO_RAW,
    AssetRow,
    InvalidRow,
    Row,
    TextRow,
    check_unique_id,
    gold_of,
    metadata_of,
    predictions_of,
    refusal_of,
)
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import numbered_ids
from annotary.kernel.limits import PAYLOAD_BYTES_MAX, TEXT_INLINE_BYTES_MAX
from annotary.modalities.answers import AnswerValidator
from annotary.quality.gold.values import Known

_encode = msgspec.json.Encoder().encode
_BYTES_PER_CHARACTER_MAX = 4
_PROMPTED = ("prompt", "a", "b", "candidates", "messages")
# The fields that a kind of payload must have and may have, and an item of it for checks of the kind.
_KINDS: Mapping[type[Written], tuple[set[str], set[str], dict[str, Any]]] = {
    ComparedPayload: ({"prompt", "a", "b"}, set(), {"prompt": "?", "a": "", "b": ""}),
    RankedPayload: ({"prompt", "candidates"}, set(), {"prompt": "?", "candidates": ["", ""]}),
    PromptedPayload: ({"prompt"}, {"text"}, {"prompt": "?", "text": "?"}),
    ChatPayload: ({"messages"}, {"prompt"}, {"messages": [{"role": "", "content": ""}], "prompt": "?"}),
}
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A row that can go in: its line, the item, the 16 bytes of its task's id, its predictions and gold."""

    line: int
    item: NewItem
    task_id: bytes
    suggested: tuple[Suggested, ...]
    gold: Known | None = None


class Preparation(NamedTuple):
    """What became of the rows of a chunk."""

    prepared: list[Prepared]
    refusals: list[Refusal]


def long_texts(rows: Sequence[tuple[int, Row]]) -> dict[int, bytes]:
    """Return the texts, by line, that are too long to be kept inline: they become assets."""
    short = TEXT_INLINE_BYTES_MAX // _BYTES_PER_CHARACTER_MAX
    found = {}
    for line, row in rows:
        text = _plain_text(row)
        if text is not None and len(text) > short:
            encoded = text.encode()
            if len(encoded) > TEXT_INLINE_BYTES_MAX:
                found[line] = encoded
    return found


def _plain_text(row: Row) -> str | None:
    """Return the text of a row that has no prompt for it."""
    return row.text if type(row) is TextRow and row.prompt is None else None


def wanted_assets(rows: Sequence[tuple[int, Row]]) -> set[str]:
    """Return the hashes of the assets that rows name."""
    return {row.asset for _, row in rows if isinstance(row, AssetRow)}


class Preparer:
    """Prepares rows of one import. `validator` is that of the project's ontology version; None without a
    project.
    """

    def __init__(self, job_id: UUID, modality: str, validator: AnswerValidator | None) -> None:
        self._id_of = numbered_ids(job_id)
        self._modality = modality
        self._validator = validator
        self._shapes: dict[tuple[str, ...], Invalid | None] = {}

    def prepare(
        self,
        rows: Sequence[tuple[int, Row]],
        assets: Mapping[str, Mapping[str, Any]],
        texts: Mapping[int, str],
    ) -> Preparation:
        """Prepare a chunk. `assets` gives the payload of each asset there is, `texts` the asset of each long
        text by line.
        """
        result = Preparation([], [])
        for line, row in rows:
            try:
                result.prepared.append(self._one(line, row, assets, texts))
            except Invalid as error:
                result.refusals.append(refusal_of(line, error))
        return result

    def _one(
        self, line: int, row: Row, assets: Mapping[str, Mapping[str, Any]], texts: Mapping[int, str]
    ) -> Prepared:
        text = _plain_text(row)
        if text is not None and line not in texts:
            payload = self._text(row, text)
        else:
            payload = self._other(line, row, assets, texts)
        content_hash = blake3(payload).digest()
        unique_id = row.unique_id or content_hash.hex()[:32]
        if not unique_id.isprintable() or unique_id[0] == " " or unique_id[-1] == " ":
            check_unique_id(unique_id)
        metadata = None if row.metadata is NO_RAW else metadata_of(row.metadata)
        suggested = () if row.predictions is NO_RAW else self._suggested(row.predictions, payload)
        item = NewItem(self._id_of(2 * line), unique_id, payload, metadata, content_hash)
        task_id = self._id_of(2 * line + 1)
        gold = None if row.gold is NO_RAW else self._gold(row.gold, payload, task_id)
        return Prepared(line, item, task_id, suggested, gold)

    def _text(self, row: Row, text: str) -> bytes:
        beside = [name for name in _PROMPTED if getattr(row, name, None) is not None]
        if beside:
            raise InvalidRow(
                path="/text", found=f"text beside {', '.join(beside)}", expected="one or the other"
            )
        if "\0" in text or not text:
            raise InvalidRow(path="/text", found=text[:80], expected="a text, not empty, without NUL")
        self._check_shape({"text": "?"})
        return _encode(TextPayload(text))

    def _other(
        self, line: int, row: Row, assets: Mapping[str, Mapping[str, Any]], texts: Mapping[int, str]
    ) -> bytes:
        if isinstance(row, AssetRow):
            found = assets.get(row.asset)
            if found is None:
                raise InvalidRow(path="/asset", found=row.asset, expected=f"an uploaded {self._modality}")
            return self._checked(found)
        text = _plain_text(row)
        if text is not None:
            return self._checked({"asset": texts[line], "media_type": "text/plain", "characters": len(text)})
        payload = _encode(self._prompted(row))
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise InvalidRow(
                path="/", found=f"{len(payload)} bytes", expected=f"at most {PAYLOAD_BYTES_MAX} bytes"
            )
        if _NUL.search(payload):
            raise InvalidRow(path="/", found="a NUL", expected="texts without NUL")
        return payload

    def _prompted(self, row: TextRow) -> Written:
        """Return what a row has beside or instead of a text."""
        given = {name: value for name in (*_PROMPTED, "text") if (value := getattr(row, name)) is not None}
        kind = written_as(given if given else _PROMPTED[:1])
        wanted, welcome, example = _KINDS[kind]
        for name in (*_PROMPTED, "text"):
            if (name in wanted and name not in given) or (name in given and name not in wanted | welcome):
                expected = (
                    "`text`; `prompt`, `a` and `b`; `prompt` and `candidates`; `prompt` and perhaps `text`; "
                    "or `messages` and perhaps `prompt`"
                )
                raise InvalidRow(path=f"/{name}", found=given.get(name), expected=expected)
        name = "prompt" if row.text is None else "text"
        if kind is PromptedPayload and not given[name]:
            raise InvalidRow(path=f"/{name}", found=given[name], expected="a text that is not empty")
        self._check_shape({name: example[name] for name in given})
        return kind(**given)

    def _checked(self, item: Mapping[str, Any]) -> bytes:
        """Check what differs from item to item, as sizes do."""
        self._check_item(item)
        return _encode(item)

    def _check_shape(self, example: Mapping[str, Any]) -> None:
        """Check once whether the project's label types can be used with rows of this shape."""
        shape = tuple(example)
        if shape not in self._shapes:
            try:
                self._check_item(example)
                self._shapes[shape] = None
            except Invalid as error:
                self._shapes[shape] = error
        refused = self._shapes[shape]
        if refused is not None:
            raise InvalidRow(refused.detail, path=refused.path or "/")

    def _check_item(self, item: Mapping[str, Any]) -> None:
        if self._validator is None:
            return
        try:
            self._validator.check_item(item)
        except Invalid as error:
            raise _moved(error, "/item", "") from None

    def _suggested(self, raw: msgspec.Raw, payload: bytes) -> tuple[Suggested, ...]:
        if self._validator is None:
            raise InvalidRow(
                path="/predictions", found="predictions", expected="none where no batch is released"
            )
        item = msgspec.json.decode(payload)
        found = []
        for position, one in enumerate(predictions_of(raw)):
            try:
                canonical = self._validator.validate(bytes(one.answer), item)
            except Invalid as error:
                raise _moved(error, "", f"/predictions/{position}") from None
            found.append(
                Suggested(one.model, one.version, one.score, canonical.encoded, canonical.content_hash)
            )
        return tuple(found)

    def _gold(self, raw: msgspec.Raw, payload: bytes, task_id: bytes) -> Known:
        if self._validator is None:
            raise InvalidRow(path="/gold", found="a known answer", expected="none where no batch is released")
        row = gold_of(raw)
        try:
            canonical = self._validator.validate(bytes(row.answer), msgspec.json.decode(payload))
        except Invalid as error:
            raise _moved(error, "", "/gold") from None
        return Known(UUID(bytes=task_id), canonical.encoded, canonical.content_hash, row.qualification)


def _moved(error: Invalid, root: str, prefix: str) -> InvalidRow:
    """Return an error about a part of a row with the path it has in the row."""
    path = prefix + (error.path or "").removeprefix(root)
    detail = error.detail
    if error.path:
        detail = detail.replace(f"{error.path}: ", f"{path}: ", 1)
    return InvalidRow(detail, path=path or "/")
