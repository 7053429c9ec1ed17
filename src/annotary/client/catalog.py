"""Datasets, items and assets; large files go up in chunks and can be resumed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from annotary.client.transport import Transport
from annotary.client.values import Asset, Dataset, Item, Modality, Upload

# One request up to here; larger files go in chunks.
ONE_REQUEST_BYTES = 8 * 1024 * 1024
OnProgress = Callable[[int, int], None]


class Datasets:
    """`client.datasets`: collections of items."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, modality: Modality) -> Dataset:
        """Make a dataset."""
        return self._transport.write("POST", "/v1/datasets", Dataset, {"name": name, "modality": modality})

    def list(self) -> Iterator[Dataset]:
        """Yield all datasets."""
        return self._transport.pages("/v1/datasets", Dataset)

    def get(self, dataset: str) -> Dataset:
        """Return a dataset by id."""
        return self._transport.read(f"/v1/datasets/{dataset}", Dataset)

    def delete(self, dataset: str) -> Dataset:
        """Delete a dataset: nothing more goes in."""
        return self._transport.write("DELETE", f"/v1/datasets/{dataset}", Dataset)


class Items:
    """`client.items`: the things to be labelled, one by one; many go in by `client.imports`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(
        self,
        dataset: str,
        payload: Mapping[str, Any],
        *,
        unique_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Item:
        """Add an item; the same `unique_id` with the same payload gives the item that is there."""
        body = {"payload": payload, "unique_id": unique_id, "metadata": metadata}
        return self._transport.write("POST", f"/v1/datasets/{dataset}/items", Item, body)

    def list(self, dataset: str) -> Iterator[Item]:
        """Yield the items of a dataset."""
        return self._transport.pages(f"/v1/datasets/{dataset}/items", Item)

    def get(self, item: str) -> Item:
        """Return an item by id."""
        return self._transport.read(f"/v1/items/{item}", Item)

    def delete(self, item: str) -> Item:
        """Erase an item's payload; its id, unique_id and hash stay in the record."""
        return self._transport.write("DELETE", f"/v1/items/{item}", Item)


class Assets:
    """`client.assets`: bytes by their content. The same bytes are the same asset."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self, path: Path | str, *, media_type: str | None = None, progress: OnProgress | None = None
    ) -> Asset:
        """Upload a file, in chunks where it is large. `progress(done, total)` hears of bytes."""
        file = Path(path)
        kind = media_type or media_type_of(file.name)
        size = file.stat().st_size
        if size > ONE_REQUEST_BYTES:
            upload = self.begin(file.name, size, media_type=kind)
            return self.resume(upload.id, file, progress=progress)
        asset = self.upload_bytes(file.read_bytes(), kind)
        if progress:
            progress(size, size)
        return asset

    def upload_bytes(self, content: bytes, media_type: str) -> Asset:
        """Upload a small asset in one request. Repeating it is safe: its bytes are its name."""
        headers = {"Content-Type": media_type}
        reply = self._transport.send("POST", "/v1/assets", content=content, headers=headers, safe=True)
        return msgspec.json.decode(reply.content, type=Asset)

    def begin(self, name: str, size_bytes: int, *, media_type: str | None = None) -> Upload:
        """Begin an upload in chunks; its `.id` is all that is needed to go on after a break."""
        body = {"name": name, "size_bytes": size_bytes, "media_type": media_type or media_type_of(name)}
        return self._transport.write("POST", "/v1/uploads", Upload, body)

    def resume(self, upload: str, path: Path | str, *, progress: OnProgress | None = None) -> Asset:
        """Send the chunks of an upload that are not in yet, and complete it."""
        state = self._transport.read(f"/v1/uploads/{upload}", Upload)
        received = set(state.received)
        with Path(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            done = sum(_chunk_bytes(number, state, size) for number in received)
            for number in range(state.chunks):
                if number not in received:
                    done += self._send_chunk(state, number, file)
                if progress:
                    progress(done, size)
        # Completing reads the whole file on the server, twice.
        return self._transport.write(
            "POST", f"/v1/uploads/{upload}/complete", Asset, {}, timeout_seconds=60 + size / 20_000_000
        )

    def _send_chunk(self, upload: Upload, number: int, file: BinaryIO) -> int:
        file.seek(number * upload.chunk_bytes)
        content = file.read(upload.chunk_bytes)
        headers = {"Content-Type": "application/octet-stream"}
        path = f"/v1/uploads/{upload.id}/chunks/{number}"
        self._transport.send("PUT", path, content=content, headers=headers, safe=True)
        return len(content)

    def reference(
        self,
        *,
        path: str | None = None,
        url: str | None = None,
        hash: str | None = None,
        media_type: str | None = None,
    ) -> Asset:
        """Take in a file that stays where the server can read it: a path there, or an address."""
        body = {"path": path, "url": url, "hash": hash, "media_type": media_type}
        return self._transport.write("POST", "/v1/assets/reference", Asset, body)

    def get(self, hash: str) -> Asset:
        """Return what is known of an asset."""
        return self._transport.read(f"/v1/assets/{hash}", Asset)

    def url(self, hash: str) -> str:
        """Return a signed address that serves an asset's bytes for a while; relative to the platform."""
        return str(self._transport.read(f"/v1/assets/{hash}/url", dict[str, Any])["url"])


def media_type_of(name: str) -> str:
    """Return the media type that a file name suggests."""
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _chunk_bytes(number: int, upload: Upload, size: int) -> int:
    return max(0, min(upload.chunk_bytes, size - number * upload.chunk_bytes))
