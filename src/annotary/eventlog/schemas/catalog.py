"""Events of datasets, items, assets, uploads and jobs; the platform writes all of them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from annotary.eventlog.schemas.declaring import PLATFORM, Count, Data, Dataset, Hash, Number, event

JobKind = Literal["import", "release", "export", "consistency", "consensus", "change"]


@event("dataset.created", "dataset", PLATFORM)
class DatasetCreated(Data):
    """A dataset was made."""

    name: str
    modality: str


@event("dataset.deleted", "dataset", PLATFORM)
class DatasetDeleted(Data):
    """Nothing more goes into a dataset; its items stay until each of them is deleted."""

    name: str


@event("item.created", "item", PLATFORM)
class ItemCreated(Data):
    """An item was added by itself."""

    unique_id: str
    dataset: Dataset
    content_hash: Hash


@event("item.deleted", "item", PLATFORM)
class ItemDeleted(Data):
    """What annotators saw of an item was erased; every modality follows."""

    dataset: Dataset
    unique_id: str


@event("items.imported", "dataset", PLATFORM)
class ItemsImported(Data):
    """A chunk of an import came in; the hash covers those of its items, in their order."""

    job: UUID
    chunk: Count
    items: Number
    first: UUID
    last: UUID
    content_hash: Hash


@event("asset.created", "asset", PLATFORM)
class AssetCreated(Data):
    """An asset is known: stored here, or somewhere else under its hash."""

    hash: Hash
    size_bytes: Count
    source: str


@event("upload.begun", "upload", PLATFORM)
class UploadBegun(Data):
    """An upload in chunks was begun."""

    size_bytes: Count


@event("upload.chunk_received", "upload", PLATFORM)
class UploadChunkReceived(Data):
    """A chunk of an upload is in; with other bytes under the same number the last ones count."""

    number: Count
    size_bytes: Count
    hash: Hash


@event("upload.completed", "upload", PLATFORM)
class UploadCompleted(Data):
    """An upload became an asset."""

    hash: Hash


@event("upload.abandoned", "upload", PLATFORM)
class UploadAbandoned(Data):
    """An upload was not completed in time; its chunks are deleted."""


@event("job.created", "job", PLATFORM)
class JobCreated(Data):
    """Long work was asked for."""

    kind: JobKind
    service: str


class JobEnded(Data):
    """What the job did."""

    kind: JobKind


@event("job.succeeded", "job", PLATFORM)
class JobSucceeded(JobEnded):
    """A job did all it was asked for."""


@event("job.failed", "job", PLATFORM)
class JobFailed(JobEnded):
    """A job ended with an error."""


@event("job.cancelled", "job", PLATFORM)
class JobCancelled(Data):
    """A job was stopped by a member."""
