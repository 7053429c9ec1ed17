"""What annotators see of an item, as canonical JSON: checked, in one order, named by its hash. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from blake3 import blake3

from annotary.catalog import rules
from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import (
    METADATA_BYTES_MAX,
    PAYLOAD_BYTES_MAX,
    RANKING_CANDIDATES_MAX,
    UNIQUE_ID_CHARACTERS_MAX,
)
from annotary.kernel.names import check_name
from annotary.ontology.pointers import complaint_of, value_at

UNIQUE_ID_DERIVED_CHARACTERS = 32
Candidates = Annotated[list[str], msgspec.Meta(min_length=2, max_length=RANKING_CANDIDATES_MAX)]
_encode = msgspec.json.Encoder().encode


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: str
    content: str


class TextPayload(msgspec.Struct, forbid_unknown_fields=True):
    """A text."""

    text: str


class ComparedPayload(msgspec.Struct, forbid_unknown_fields=True):
    """A prompt with two replies to compare."""

    prompt: str | list[Message]
    a: str
    b: str


class RankedPayload(msgspec.Struct, forbid_unknown_fields=True):
    """A prompt with several replies to rank."""

    prompt: str | list[Message]
    candidates: Candidates


class MediaPayload(msgspec.Struct, forbid_unknown_fields=True):
    """An image or a video, by the hash of its bytes."""

    asset: str


Payload = TextPayload | ComparedPayload | RankedPayload | MediaPayload


def read_payload(modality: str, document: Mapping[str, Any]) -> Payload:
    """Return an item's payload, checked; raises Invalid with the path of what does not fit."""
    kind: type[Payload] = MediaPayload
    if modality == "text":
        ranked = RankedPayload if "candidates" in document else ComparedPayload
        kind = TextPayload if "text" in document else ranked
    try:
        payload = msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        complaint = complaint_of(str(error), "/payload")
        found = value_at(document, complaint.path, "/payload")
        raise Invalid(path=complaint.path, found=found, expected=complaint.expected) from None
    if isinstance(payload, MediaPayload):
        rules.read_hash(payload.asset, "/payload/asset")
    else:
        _check_texts(payload)
    return payload


def encode_payload(payload: Any) -> bytes:
    """Return the canonical JSON of a payload; raises TooLarge."""
    encoded = _encode(payload)
    if len(encoded) > PAYLOAD_BYTES_MAX:
        detail = f"/payload: {len(encoded)} bytes, expected at most {PAYLOAD_BYTES_MAX}."
        raise TooLarge(detail, path="/payload")
    return encoded


def payload_hash(encoded: bytes) -> bytes:
    """Return the 32 bytes of BLAKE3 over a payload's canonical JSON."""
    return blake3(encoded).digest()


def encode_metadata(metadata: Mapping[str, Any] | None) -> str | None:
    """Return an item's metadata as JSON; raises TooLarge."""
    if metadata is None:
        return None
    encoded = _encode(metadata)
    if len(encoded) > METADATA_BYTES_MAX:
        detail = f"/metadata: {len(encoded)} bytes, expected at most {METADATA_BYTES_MAX}."
        raise TooLarge(detail, path="/metadata")
    return encoded.decode()


def unique_id_of(given: str | None, content_hash: bytes) -> str:
    """Return an item's business key: the one given, or the beginning of its content's hash."""
    if given is None:
        return content_hash.hex()[:UNIQUE_ID_DERIVED_CHARACTERS]
    if check_name(given, "/unique_id", UNIQUE_ID_CHARACTERS_MAX) != given:
        raise Invalid(path="/unique_id", found=given, expected="no white space at either end")
    return given


def _check_texts(payload: TextPayload | ComparedPayload | RankedPayload) -> None:
    fields = msgspec.structs.asdict(payload)
    prompt = fields.pop("prompt", None)
    fields |= {f"candidates/{index}": text for index, text in enumerate(fields.pop("candidates", ()))}
    if isinstance(prompt, list):
        fields |= {f"prompt/{index}/content": message.content for index, message in enumerate(prompt)}
        fields |= {f"prompt/{index}/role": message.role for index, message in enumerate(prompt)}
    elif prompt is not None:
        fields["prompt"] = prompt
    for name, text in fields.items():
        if "\0" in text or (not text and name == "text"):
            raise Invalid(
                path=f"/payload/{name}", found=text[:80], expected="a text without the zero character"
            )
