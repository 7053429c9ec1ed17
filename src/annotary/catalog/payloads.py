"""What annotators see of an item, as canonical JSON: checked, in one order, named by its hash. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Annotated, Any

import msgspec
from blake3 import blake3

from annotary.catalog import rules
from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import (
    CHAT_MESSAGES_MAX,
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


Messages = Annotated[list[Message], msgspec.Meta(min_length=1, max_length=CHAT_MESSAGES_MAX)]


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


class PromptedPayload(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A prompt to answer, or a reply to it that is judged or rewritten."""

    prompt: str | Messages
    text: str | None = None


class ChatPayload(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A conversation, and what it is about where that is not said in it."""

    messages: Messages
    prompt: str | list[Message] | None = None


class MediaPayload(msgspec.Struct, forbid_unknown_fields=True):
    """An image or a video, by the hash of its bytes."""

    asset: str


Written = TextPayload | ComparedPayload | RankedPayload | PromptedPayload | ChatPayload
Payload = Written | MediaPayload


def read_payload(modality: str, document: Mapping[str, Any]) -> Payload:
    """Return an item's payload, checked; raises Invalid with the path of what does not fit."""
    kind: type[Payload] = MediaPayload
    if modality == "text":
        kind = written_as(document)
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


def written_as(names: Container[str]) -> type[Written]:
    """Return which kind of text payload has fields of these names."""
    if "messages" in names:
        return ChatPayload
    if "candidates" in names:
        return RankedPayload
    if "a" in names or "b" in names:
        return ComparedPayload
    return PromptedPayload if "prompt" in names else TextPayload


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


def _check_texts(payload: Written) -> None:
    alone = isinstance(payload, PromptedPayload) and payload.text is None
    for name, text in _texts(payload):
        if "\0" in text or (not text and (name == "text" or (alone and name == "prompt"))):
            raise Invalid(
                path=f"/payload/{name}", found=text[:80], expected="a text without the zero character"
            )


def _texts(payload: Written) -> Iterator[tuple[str, str]]:
    """Yield every text of a payload with its place."""
    for name, value in msgspec.structs.asdict(payload).items():
        if isinstance(value, str):
            yield name, value
        for index, one in enumerate(value if isinstance(value, list) else ()):
            if isinstance(one, Message):
                yield f"{name}/{index}/role", one.role
                yield f"{name}/{index}/content", one.content
            else:
                yield f"{name}/{index}", one
