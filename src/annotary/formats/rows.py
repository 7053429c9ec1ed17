"""What all importers share: the shape of a row, how lines become rows, and why a line is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec

from annotary.catalog.job_runs import Refusal
from annotary.catalog.payloads import Candidates, Message, Messages
from annotary.formats.lines import BYTE_ORDER_MARK, LineChunk
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import (
    IMPORT_LINE_BYTES_MAX,
    IMPORT_REASON_CHARACTERS_MAX,
    METADATA_BYTES_MAX,
    MODEL_NAME_CHARACTERS_MAX,
    PREDICTIONS_PER_ITEM_MAX,
    UNIQUE_ID_CHARACTERS_MAX,
)
from annotary.kernel.names import check_name
from annotary.ontology.pointers import complaint_of, value_at

NO_RAW = msgspec.Raw(b"")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_BYTE = re.compile(r"\(byte (\d+)\)")

UniqueId = Annotated[str, msgspec.Meta(min_length=1, max_length=UNIQUE_ID_CHARACTERS_MAX)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MODEL_NAME_CHARACTERS_MAX)]


class InvalidRow(Invalid):
    """The row cannot go in: correct it at `path` and import it again."""

    code = "invalid_row"


class PredictionRow(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A model's answer that comes with a row."""

    model: Name
    version: Name
    answer: msgspec.Raw
    score: float | None = None


class GoldRow(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The known answer of a row: its task becomes a gold task."""

    answer: msgspec.Raw
    qualification: bool = False


class TextRow(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A text, a prompt with two replies to compare, several to rank, or one or none, or a conversation."""

    unique_id: UniqueId | None = None
    text: str | None = None
    prompt: str | list[Message] | None = None
    a: str | None = None
    b: str | None = None
    candidates: Candidates | None = None
    messages: Messages | None = None
    metadata: msgspec.Raw = NO_RAW
    predictions: msgspec.Raw = NO_RAW
    gold: msgspec.Raw = NO_RAW


class AssetRow(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """An image or a video by the hash of its bytes (BLAKE3, 64 hexadecimal digits)."""

    asset: Hash
    unique_id: UniqueId | None = None
    metadata: msgspec.Raw = NO_RAW
    predictions: msgspec.Raw = NO_RAW
    gold: msgspec.Raw = NO_RAW


Row = TextRow | AssetRow
Decode = Callable[[bytes], Row]
_predictions = msgspec.json.Decoder(
    Annotated[list[PredictionRow], msgspec.Meta(max_length=PREDICTIONS_PER_ITEM_MAX)]
)
_gold = msgspec.json.Decoder(GoldRow)


class Rows(NamedTuple):
    """The rows of a chunk with their line numbers, what was refused, and how many lines were blank."""

    rows: list[tuple[int, Row]]
    refusals: list[Refusal]


def read_rows(chunk: LineChunk, decode: Decode) -> Rows:
    """Decode a chunk's lines. Blank lines are passed over; a line that cannot be read is refused, the rest
    stay.
    """
    lines = chunk.lines
    if chunk.first == 1 and lines[0].startswith(BYTE_ORDER_MARK):
        lines[0] = lines[0].removeprefix(BYTE_ORDER_MARK)
    try:
        return Rows(list(enumerate(map(decode, lines), chunk.first)), [])
    except (msgspec.MsgspecError, UnicodeError, RecursionError, Invalid):
        return _read_one_by_one(chunk, decode)


def _read_one_by_one(chunk: LineChunk, decode: Decode) -> Rows:
    found = Rows([], [])
    for position, raw in enumerate(chunk.lines):
        line = chunk.first + position
        if position in chunk.overlong:
            size = chunk.overlong[position]
            reason = f"found {size} bytes in one line, expected at most {IMPORT_LINE_BYTES_MAX}."
            found.refusals.append(Refusal(line, None, reason))
        elif raw.strip():
            try:
                found.rows.append((line, decode(raw)))
            except (msgspec.MsgspecError, UnicodeError, RecursionError, Invalid) as error:
                found.refusals.append(refusal_of(line, error, raw))
    return found


def refusal_of(line: int, error: Exception, raw: bytes = b"", root: str = "") -> Refusal:
    """Return why a line is refused, as its reader can act on it: path, what was found, what was expected."""
    if isinstance(error, Invalid):
        return Refusal(line, error.path, error.detail[:IMPORT_REASON_CHARACTERS_MAX])
    path: str | None = None
    if isinstance(error, msgspec.ValidationError):
        complaint = complaint_of(str(error), root)
        path = complaint.path or "/"
        found = "" if complaint.at_field else f"found {_shown(raw, complaint.path, root)}, "
        reason = f"{path}: {found}expected {complaint.expected}."
    elif isinstance(error, RecursionError):
        reason = "found values nested too deep, expected a flat object with the fields of a row."
    elif isinstance(error, UnicodeDecodeError):
        reason = (
            f"found the byte {error.object[error.start]:#04x}, which is not UTF-8; convert the file to UTF-8."
        )
    else:
        place = _BYTE.search(str(error))
        snippet = raw[int(place.group(1)) :][:40].decode("utf-8", "replace") if place else ""
        reason = (
            f"found {snippet!r} at byte {place.group(1)}" if place else f"found what is not JSON ({error})"
        )
        reason += ", expected one JSON object on the line."
    return Refusal(line, path, reason[:IMPORT_REASON_CHARACTERS_MAX])


def check_unique_id(unique_id: str) -> None:
    """Raise InvalidRow where a business key could not be shown or typed."""
    if check_name(unique_id, "/unique_id", UNIQUE_ID_CHARACTERS_MAX) != unique_id:
        raise InvalidRow(path="/unique_id", found=unique_id, expected="no white space at either end")


def metadata_of(raw: msgspec.Raw) -> bytes | None:
    """Return a row's metadata as it stands; raises InvalidRow."""
    encoded = bytes(raw).strip()
    if not encoded or encoded == b"null":
        return None
    if not encoded.startswith(b"{"):
        raise InvalidRow(
            path="/metadata", found=encoded[:80].decode("utf-8", "replace"), expected="an object"
        )
    if len(encoded) > METADATA_BYTES_MAX:
        raise InvalidRow(
            path="/metadata", found=f"{len(encoded)} bytes", expected=f"at most {METADATA_BYTES_MAX} bytes"
        )
    try:
        encoded.decode()
    except UnicodeDecodeError:
        raise InvalidRow(path="/metadata", found=encoded[:80], expected="text in UTF-8") from None
    return encoded


def predictions_of(raw: msgspec.Raw) -> list[PredictionRow]:
    """Return a row's predictions, their answers still JSON; raises InvalidRow."""
    try:
        found: list[PredictionRow] = _predictions.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        refusal = refusal_of(0, error, bytes(raw), "/predictions")
        raise InvalidRow(refusal.reason, path=refusal.path or "/predictions") from None
    seen: set[tuple[str, str]] = set()
    for position, one in enumerate(found):
        if (one.model, one.version) in seen:
            path, what = f"/predictions/{position}", f"{one.model} {one.version} again"
            raise InvalidRow(path=path, found=what, expected="one prediction a model version")
        for name in (one.model, one.version):
            if _CONTROLS.search(name):
                path = f"/predictions/{position}"
                raise InvalidRow(path=path, found=name, expected="names without control characters")
        seen.add((one.model, one.version))
    return found


def gold_of(raw: msgspec.Raw) -> GoldRow:
    """Return a row's known answer, still JSON; raises InvalidRow."""
    try:
        return _gold.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        refusal = refusal_of(0, error, bytes(raw), "/gold")
        raise InvalidRow(refusal.reason, path=refusal.path or "/gold") from None


def _shown(raw: bytes, path: str, root: str) -> str:
    try:
        shown = repr(value_at(msgspec.json.decode(raw), path, root))
    except (ValueError, RecursionError):
        return "another value"
    return shown if len(shown) <= 200 else shown[:200] + "…"


def as_row(fields: dict[str, Any]) -> bytes:
    """Return a row as one line of JSON, for importers that turn other files into rows."""
    return msgspec.json.encode(fields) + b"\n"
