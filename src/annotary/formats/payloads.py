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
from annotary.catalog.payloads import ComparedPayload, RankedPayload, TextPayload
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
_PROMPTED = ("prompt", "a", "b", "candidates")
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
        if isinstance(row, TextRow) and row.text is not None and len(row.text) > short:
            encoded = row.text.encode()
            if len(encoded) > TEXT_INLINE_BYTES_MAX:
                found[line] = encoded
    return found


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
        self._shapes: dict[type, Invalid | None] = {}

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
        if type(row) is TextRow and row.text is not None and line not in texts:
            payload = self._text(row)
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

    def _text(self, row: TextRow) -> bytes:
        assert row.text is not None
        beside = [name for name in _PROMPTED if getattr(row, name) is not None]
        if beside:
            raise InvalidRow(
                path="/text", found=f"text beside {', '.join(beside)}", expected="one or the other"
            )
        if "\0" in row.text or not row.text:
            raise InvalidRow(path="/text", found=row.text[:80], expected="a text, not empty, without NUL")
        self._check_shape(TextPayload, {"text": ""})
        return _encode(TextPayload(row.text))

    def _other(
        self, line: int, row: Row, assets: Mapping[str, Mapping[str, Any]], texts: Mapping[int, str]
    ) -> bytes:
        if isinstance(row, AssetRow):
            found = assets.get(row.asset)
            if found is None:
                raise InvalidRow(path="/asset", found=row.asset, expected=f"an uploaded {self._modality}")
            return self._checked(found)
        if row.text is not None:
            characters = len(row.text)
            return self._checked({"asset": texts[line], "media_type": "text/plain", "characters": characters})
        payload = _encode(self._prompted(row))
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise InvalidRow(
                path="/", found=f"{len(payload)} bytes", expected=f"at most {PAYLOAD_BYTES_MAX} bytes"
            )
        if _NUL.search(payload):
            raise InvalidRow(path="/", found="a NUL", expected="texts without NUL")
        return payload

    def _prompted(self, row: TextRow) -> ComparedPayload | RankedPayload:
        """Return the prompt of a row with its replies, two to compare or several to rank."""
        ranked = row.candidates is not None
        for name in _PROMPTED:
            wanted = name == "prompt" or (name == "candidates") == ranked
            if (getattr(row, name) is None) == wanted:
                expected = "`text`, or `prompt`, `a` and `b`, or `prompt` and `candidates`"
                raise InvalidRow(path=f"/{name}", found=getattr(row, name), expected=expected)
        if ranked:
            self._check_shape(RankedPayload, {"prompt": "", "candidates": ["", ""]})
            return RankedPayload(row.prompt, row.candidates)  # type: ignore[arg-type]
        self._check_shape(ComparedPayload, {"prompt": "", "a": "", "b": ""})
        return ComparedPayload(row.prompt, row.a, row.b)  # type: ignore[arg-type]

    def _checked(self, item: Mapping[str, Any]) -> bytes:
        """Check what differs from item to item, as sizes do."""
        self._check_item(item)
        return _encode(item)

    def _check_shape(self, shape: type, example: Mapping[str, Any]) -> None:
        """Check once whether the project's label types can be used with rows of this shape."""
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
