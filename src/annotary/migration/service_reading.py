"""Reading all of a project's answers: their hash, and what one of them was before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row
from annotary.kernel.ids import format_id
from annotary.kernel.limits import HASHED_ANSWERS_PER_PAGE_MAX
from annotary.migration.service import managed_project
from annotary.migration.store import PARTS, QUERIES
from annotary.migration.values import ChangeKind
from annotary.submissions.errors import UnknownSubmission


class AnswerHash(msgspec.Struct, frozen=True):
    """BLAKE3 (hexadecimal) over each answer's id and BLAKE3 of its bytes, by kind and in the order of ids."""

    project: str
    answers: int
    hash: str


class EarlierAnswer(msgspec.Struct, frozen=True):
    """An answer as it was before a change."""

    change: str
    kind: ChangeKind
    changed_at: datetime | None
    ontology_version: str
    content_hash: str
    answer: msgspec.Raw


class AnswerHistory(msgspec.Struct, frozen=True):
    """An answer as it is now, and what it was before, oldest first."""

    id: str
    ontology_version: str
    content_hash: str
    answer: msgspec.Raw
    before: list[EarlierAnswer]


async def hash_answers(database: Database, caller: Caller, project_id: UUID) -> AnswerHash:
    """Return one hash over all stored answers of a project. For its managers."""
    async with database.connection() as uow:
        await managed_project(uow, caller, project_id)
    count, digest = await hash_of(database, project_id)
    return AnswerHash(format_id("project", project_id), count, digest.hex())


async def hash_of(database: Database, project_id: UUID) -> tuple[int, bytes]:
    """Return how many answers a project has, and the hash over their ids and bytes."""
    digest, count = blake3(), 0
    for part in PARTS:
        after = UUID(int=0)
        while rows := await database.fetch(
            part.sql(QUERIES.hash_page), project_id, after, HASHED_ANSWERS_PER_PAGE_MAX
        ):
            await asyncio.to_thread(_add, digest, rows)
            after, count = rows[-1]["id"], count + len(rows)
    return count, digest.digest()


def _add(digest: Any, rows: Sequence[Row]) -> None:
    for row in rows:
        digest.update(row["id"].bytes + blake3(row["answer"].encode()).digest())


async def read_history(database: Database, caller: Caller, answer_id: UUID) -> AnswerHistory:
    """Return what an answer is and was. For managers of its project."""
    row = await database.fetchrow(QUERIES.place_of_answer, answer_id)
    if row is None:
        raise UnknownSubmission()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    versions = await database.fetch(QUERIES.versions_of_answer, answer_id)
    now = msgspec.Raw(row["answer"].encode())
    before: list[EarlierAnswer] = []
    bytes_after = now
    for one in reversed(versions):
        # Where a change left the bytes alone they are those that stood after it.
        bytes_after = msgspec.Raw(one["answer"].encode()) if one["answer"] is not None else bytes_after
        before.append(
            EarlierAnswer(
                change=format_id("change", one["id"]),
                kind=one["kind"],
                changed_at=one["started_at"],
                ontology_version=format_id("ontology_version", one["ontology_version_id"]),
                content_hash=one["content_hash"].hex(),
                answer=bytes_after,
            )
        )
    return AnswerHistory(
        id=format_id(row["kind"], answer_id),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        content_hash=row["content_hash"].hex(),
        answer=now,
        before=before[::-1],
    )
