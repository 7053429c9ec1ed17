"""What live models are made from: ontology versions, and the counted answers of a project."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database
from annotary.kernel.limits import LIVE_TASKS_PER_PAGE_MAX
from annotary.ontology.values import Definition

QUERIES = queries.load(__package__)
_FIRST = UUID(int=0)


class AnsweredTask(NamedTuple):
    """A task, its counted answers (canonical JSON) in the order they came, its known answer if any, and its
    item (JSON) where that was asked for.
    """

    task_id: UUID
    member_ids: list[UUID]
    answers: list[str]
    gold: str | None
    item: str | None = None


class DefinitionRow(NamedTuple):
    """An ontology version as it was read."""

    modality: str
    definition: Definition
    content_hash: bytes


async def definition(database: Database, version_id: UUID) -> DefinitionRow | None:
    """Return an ontology version."""
    row = await database.fetchrow(QUERIES.definition, version_id)
    if row is None:
        return None
    read = msgspec.json.decode(row["definition"], type=Definition)
    return DefinitionRow(row["modality"], read, row["content_hash"])


async def several_answers(database: Database, project_id: UUID) -> AsyncIterator[list[AnsweredTask]]:
    """Yield the tasks of a project that have several answers, a page at a time."""
    after = _FIRST
    while rows := await database.fetch(QUERIES.answers_page, project_id, after, LIVE_TASKS_PER_PAGE_MAX):
        after = rows[-1]["task_id"]
        yield [AnsweredTask(*row) for row in rows if row["member_ids"]]


async def every_answer(
    database: Database, project_id: UUID, with_items: bool = False
) -> AsyncIterator[list[AnsweredTask]]:
    """Yield the tasks of a project that have answers, a page at a time."""
    after = ""
    query = QUERIES.every_answer_page
    while rows := await database.fetch(query, project_id, after, LIVE_TASKS_PER_PAGE_MAX, with_items):
        after = rows[-1]["unique_id"]
        yield [AnsweredTask(*row[:5]) for row in rows if row["member_ids"]]
