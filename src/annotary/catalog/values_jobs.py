"""Imports, exports and other jobs, as the API shows them and is told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from annotary.projects.overlap import OverlapTarget

JobState = Literal["waiting", "running", "succeeded", "failed", "cancelled"]


class NewBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The batch that an import's tasks are released in. Without an overlap the project's counts; with a
    target it is the least: tasks are asked again until the target is reached.

    Without an `order` tasks are given out as they come in, and shuffled where the project mixes gold in.
    """

    name: str | None = None
    priority: Literal["urgent", "high", "normal", "low"] = "normal"
    deadline: datetime | None = None
    overlap: int | None = None
    order: Literal["shuffled", "imported"] | None = None
    target: OverlapTarget | None = None


class NewImport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to be imported: `upload` is the id of a complete upload, or the hash of an asset.

    Items go into `dataset`, or into one called `name` (else as the project), made where there is none. With a
    project tasks are released in `batch`; a `batch` of null releases none. `files` (COCO) gives the asset of
    each file name.
    """

    format: Literal["jsonl", "coco", "preference_jsonl"]
    upload: str
    project: str | None = None
    dataset: str | None = None
    name: str | None = None
    files: dict[str, str] = {}
    batch: NewBatch | UnsetType | None = UNSET


class NewExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to export. `include_submissions` adds every answer that counts beside the outcome (JSONL only)."""

    project: str
    format: Literal["jsonl", "coco", "preference_jsonl"] = "jsonl"
    include_submissions: bool = False
    gzip: bool = False


class JobError(msgspec.Struct, frozen=True):
    """Why a job failed."""

    code: str
    detail: str
    path: str | None = None


class JobView(msgspec.Struct, frozen=True):
    """A job. `progress` is `{done, total, unit, ...}`; `total` is null while it is not known."""

    id: str
    kind: str
    state: JobState
    project: str | None
    progress: dict[str, Any]
    result: dict[str, Any] | None
    error: JobError | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RefusalView(msgspec.Struct, frozen=True):
    """A row that an import refused: its line (from 1), the place in it, and the reason."""

    line: int
    path: str | None
    reason: str
