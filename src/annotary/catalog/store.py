"""The tables of the catalog: their queries, and rows as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from annotary.catalog import rules
from annotary.catalog.values import AssetView, DatasetView, ItemView, UploadView
from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id

QUERIES = queries.load(__package__)
I = TypeVar("I", bound=ItemView)  # noqa: E741
A = TypeVar("A", bound=AssetView)


def dataset_view(row: Row) -> DatasetView:
    """Return a dataset's row as the API shows it."""
    return DatasetView(
        id=format_id("dataset", row["id"]),
        name=row["name"],
        modality=row["modality"],
        state=row["state"],
        created_at=row["created_at"],
    )


def item_view(row: Row, kind: type[I] = ItemView) -> I:  # type: ignore[assignment]
    """Return an item's row as the API shows it; its JSON goes through as it is stored."""
    return kind(
        id=format_id("item", row["id"]),
        dataset=format_id("dataset", row["dataset_id"]),
        unique_id=row["unique_id"],
        payload=msgspec.Raw(row["payload"].encode()),
        metadata=msgspec.Raw(row["metadata"].encode()) if row["metadata"] else None,
        content_hash=row["content_hash"].hex(),
        created_at=row["created_at"],
        deleted_at=row["deleted_at"],
    )


def asset_view(row: Row, kind: type[A] = AssetView) -> A:  # type: ignore[assignment]
    """Return an asset's row as the API shows it."""
    return kind(
        hash=row["hash"].hex(),
        size_bytes=row["size_bytes"],
        media_type=row["media_type"],
        source=row["source"],
        facts=msgspec.json.decode(row["facts"]),
        created_at=row["created_at"],
    )


def upload_view(row: Row, chunks: Sequence[Row]) -> UploadView:
    """Return an upload's row, with the rows of the chunks that are in, as the API shows it."""
    return UploadView(
        id=format_id("upload", row["id"]),
        name=row["name"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        chunk_bytes=row["chunk_bytes"],
        chunks=rules.chunks_of(row["size_bytes"], row["chunk_bytes"]),
        received=[chunk["number"] for chunk in chunks],
        state=row["state"],
        asset=row["asset_hash"].hex() if row["asset_hash"] else None,
        created_at=row["created_at"],
    )
