"""The tables of changes, and the tables whose answers they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id
from annotary.migration.errors import ChangeStopped
from annotary.migration.values import (
    AnswerKind,
    Change,
    ChangeView,
    Counts,
    Stored,
    Terms,
    UnchangedView,
    Version,
)
from annotary.ontology.steps.values import Step
from annotary.ontology.values import Definition

QUERIES = queries.load(__package__)
_definition = msgspec.json.Decoder(Definition).decode
_steps = msgspec.json.Decoder(tuple[Step, ...]).decode
_counts = msgspec.json.Decoder(Counts).decode
_terms = msgspec.json.Decoder(Terms).decode
encode = msgspec.json.Encoder().encode


def _blake3(text: bytes) -> bytes:
    return blake3(text).digest()


def _sha256(text: bytes) -> bytes:
    return sha256(text).digest()


class Part(NamedTuple):
    """Where answers of one kind lie. `timed`: their ids tell when they came."""

    kind: AnswerKind
    table: str
    key: str
    digest: Callable[[bytes], bytes] = _blake3
    timed: bool = True
    guard: str = ""
    hashed: bool = True

    def sql(self, query: str) -> str:
        """Return a query on this part's table."""
        names = {"{table}": self.table, "{key}": self.key, "{guard}": self.guard}
        names["{hash}"] = "content_hash = h.content_hash," if self.hashed else ""
        for name, value in names.items():
            query = query.replace(name, value)
        return query


# A draft is left alone while its lease lives: its author works under the version that the lease pins.
PARTS = (
    Part("submission", "submissions", "id"),
    Part("outcome", "outcomes", "id"),
    Part("gold", "gold_tasks", "task_id", timed=False),
    Part("prediction", "predictions", "id"),
    Part("draft", "drafts", "id", _sha256, timed=False, guard=QUERIES.without_lease, hashed=False),
)


def change_of(row: Row) -> Change:
    """Return a row of `answer_changes` as a run of it sees it."""
    return Change(
        id=row["id"],
        kind=row["kind"],
        project_id=row["project_id"],
        organisation_id=row["organisation_id"],
        ontology_version_id=row["ontology_version_id"],
        terms=_terms(row["request"]),
        reverts=row["reverts"],
        run=row["run"],
        part=row["part"],
        after=row["after"],
        counts=_counts(row["counts"]),
        started_at=row["started_at"],
    )


def change_view(row: Row) -> ChangeView:
    """Return a row of `answer_changes` as the API shows it."""
    counts = _counts(row["counts"])
    by = {name: row[name] and format_id("member", row[name]) for name in ("created_by", "approved_by")}
    return ChangeView(
        id=format_id("change", row["id"]),
        kind=row["kind"],
        project=format_id("project", row["project_id"]),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        state=row["state"],
        counts=counts,
        done=counts.looked_at,
        total=row["total"],
        reason=row["reason"],
        reverts=row["reverts"] and format_id("change", row["reverts"]),
        job=row["job_id"] and format_id("job", row["job_id"]),
        terms=msgspec.Raw(row["request"].encode()),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        **by,
    )


def unchanged_view(row: Row) -> UnchangedView:
    """Return an answer that a change left as it was, as the API shows it."""
    prefix = {"gold": "task", "draft": "task"}.get(row["kind"], row["kind"])
    subject = row["task_id"] if prefix == "task" else row["id"]
    return UnchangedView(
        id=format_id(prefix, subject),
        task=format_id("task", row["task_id"]),
        kind=row["kind"],
        reason=row["reason"],
        paths=row["paths"],
        requeued=row["requeued"],
    )


async def versions(database: Database | UnitOfWork, version_id: UUID) -> dict[UUID, Version]:
    """Return all versions of the ontology that a version belongs to."""
    rows = await database.fetch(QUERIES.versions, version_id)
    return {
        row["id"]: Version(
            row["id"],
            row["number"],
            row["modality"],
            _definition(row["definition"]),
            row["content_hash"],
            row["follows"],
            _steps(row["steps"]) if row["steps"] else None,
        )
        for row in rows
    }


async def page(
    database: Database | UnitOfWork,
    part: Part,
    project: UUID,
    after: UUID,
    sources: Sequence[UUID],
    limit: int,
) -> list[Stored]:
    """Return the next answers of a part that are pinned to some versions."""
    rows = await database.fetch(part.sql(QUERIES.page), project, after, sources, limit)
    return [Stored(*row) for row in rows]


async def write(
    uow: UnitOfWork,
    part: Part,
    change: UUID,
    rows: Sequence[tuple[Stored, bytes | None]],
    version: UUID | None,
) -> list[Row]:
    """Put new bytes (None: the same) in place of answers, under `version` (None: their own).

    Returns the ids and new hashes of those that were still as they had been read.
    """
    digest = part.digest
    return await uow.fetch(
        part.sql(QUERIES.write),
        [one.id for one, _ in rows],
        [None if new is None else new.decode() for _, new in rows],
        [one.content_hash if new is None else digest(new) for one, new in rows],
        [one.content_hash for one, _ in rows],
        [one.ontology_version_id for one, _ in rows],
        [version or one.ontology_version_id for one, _ in rows],
        change,
    )


async def move(uow: UnitOfWork, change: Change, part: int, after: UUID, counts: Counts) -> None:
    """Note how far a run has come, in the transaction of what it did; raises ChangeStopped."""
    text = encode(counts).decode()
    if await uow.fetchval(QUERIES.move, change.id, change.run, part, after, text) is None:
        raise ChangeStopped()
