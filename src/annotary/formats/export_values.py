"""What an export is told, the pieces it works in, and what it comes to."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

ExportFormat = Literal["jsonl", "coco", "preference_jsonl"]


class ExportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is exported. `include_submissions` adds every counted answer beside the outcome (JSONL only)."""

    format: ExportFormat = "jsonl"
    include_submissions: bool = False
    gzip: bool = False


class ExportProject(msgspec.Struct, frozen=True):
    """The project that is exported, with the ontology version it has now (the definition is JSON)."""

    project_id: UUID
    organisation_id: UUID
    name: str
    modality: str
    definition: str


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks with a current outcome after `after`, up to and with `last`; `deleted` are items to leave out."""

    after: UUID
    last: UUID
    tasks: int
    deleted: list[UUID]


class Counts(msgspec.Struct, kw_only=True):
    """What an export has done so far. `tasks` are written; the others have an outcome and were left out.

    `undecided` (preferences only): a tie, or no choice at all.
    """

    looked_at: int = 0
    tasks: int = 0
    deleted: int = 0
    undecided: int = 0
