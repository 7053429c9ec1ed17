"""Datasets, items, assets and uploads, as the API shows them and is told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from annotary.infra.replies import Found

Modality = Literal["text", "image", "video"]


class DatasetView(msgspec.Struct, frozen=True):
    """A dataset."""

    id: str
    name: str
    modality: Modality
    state: Literal["active", "deleted"]
    created_at: datetime


class NewDataset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dataset to be made."""

    name: str
    modality: Modality


class ItemView(msgspec.Struct, frozen=True):
    """An item. `payload` is what annotators see, null once the item is deleted.

    `content_hash` is BLAKE3 over the payload's canonical JSON, in hexadecimal.
    """

    id: str
    dataset: str
    unique_id: str
    payload: Any
    metadata: Any
    content_hash: str
    created_at: datetime
    deleted_at: datetime | None


class SameItem(ItemView, Found, frozen=True):
    """An item that was there already, with the same content."""


class NewItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item to be made.

    `payload` is `{"text"}`, `{"prompt", "a", "b"}`, `{"prompt", "candidates"}`, `{"prompt", "text"?}`,
    `{"messages", "prompt"?}` or `{"asset": hash}`.
    """

    payload: dict[str, Any]
    unique_id: str | None = None
    metadata: dict[str, Any] | None = None


class AssetView(msgspec.Struct, frozen=True):
    """An asset: bytes named by their BLAKE3 hash. `facts` is what they say of themselves, as their width."""

    hash: str
    size_bytes: int
    media_type: str
    source: Literal["stored", "path", "url"]
    facts: dict[str, Any]
    created_at: datetime


class SameAsset(AssetView, Found, frozen=True):
    """An asset the organisation had already."""


class NewReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An asset that stays where it is: a file on the server, or an address. `hash` is checked when given."""

    path: str | None = None
    url: str | None = None
    hash: str | None = None
    media_type: str | None = None


class SignedAddress(msgspec.Struct, frozen=True):
    """An address that serves an asset's bytes to whoever has it, until it expires."""

    url: str
    expires_at: datetime


class NewUpload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to be sent in chunks."""

    name: str
    size_bytes: int
    media_type: str = "application/octet-stream"


class UploadView(msgspec.Struct, frozen=True):
    """An upload: `chunks` chunks of `chunk_bytes` each, numbered from 0, the last one shorter.

    `received` are the numbers of those that are in; `asset` is the hash once the upload is complete.
    """

    id: str
    name: str
    media_type: str
    size_bytes: int
    chunk_bytes: int
    chunks: int
    received: list[int]
    state: Literal["open", "complete", "abandoned"]
    asset: str | None
    created_at: datetime


class ChunkView(msgspec.Struct, frozen=True):
    """A chunk that is in, with the BLAKE3 hash of its bytes."""

    upload: str
    number: int
    size_bytes: int
    hash: str


class FinalHash(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hash that the whole file must have (BLAKE3, hexadecimal), when the sender knows it."""

    blake3: str | None = None
