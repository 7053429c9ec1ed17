"""The tables of known answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from annotary.dispatch import store as dispatch
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.limits import GOLD_EXPOSURES_MAX, GOLD_TASK_ANSWERS_MAX
from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.values import Definition
from annotary.quality.gold.rules import GOOD_ANNOTATORS, GOOD_SKILL
from annotary.quality.gold.values import MIXED_IN, QUALIFICATION, RESTING, Carrier, Known, Terms
from annotary.quality.skill import store as skill

QUERIES = queries.load(__package__)
EXPOSURES_DEFAULT = 200


async def tasks_named(
    uow: UnitOfWork, project_id: UUID, by_id: Mapping[int, UUID], by_key: Mapping[int, str]
) -> dict[int, Row]:
    """Return the tasks of a project that are named, by position; one that does not exist is left out."""
    named = (list(by_id), list(by_id.values()), list(by_key), list(by_key.values()))
    return {row["position"]: row for row in await uow.fetch(QUERIES.tasks_named, project_id, *named)}


async def validator(uow: UnitOfWork, version: UUID) -> AnswerValidator:
    """Return the compiled ontology version."""
    row = await one(uow, QUERIES.definition, version)
    definition = msgspec.json.decode(row["definition"], type=Definition)
    return compile_ontology(row["modality"], definition, row["content_hash"])


async def carriers(uow: UnitOfWork, project_id: UUID, tasks: Sequence[UUID]) -> dict[UUID, Carrier]:
    """Lock and return the tasks that are to carry known answers."""
    rows = await uow.fetch(QUERIES.carriers, list(tasks), project_id)
    return {
        row["id"]: Carrier(
            row["stage"],
            row["state"],
            row["answered"],
            row["gold_state"],
            row["content_hash"],
            row["qualification"],
        )
        for row in rows
    }


async def make(uow: UnitOfWork, terms: Terms, known: Sequence[Known]) -> None:
    """Make gold of tasks that are held."""
    if known:
        await uow.execute(QUERIES.add_seed, terms.project_id)
        await uow.execute(
            QUERIES.make_gold,
            *_columns(known),
            *(terms.ontology_version_id, terms.source, terms.by),
            *(GOLD_TASK_ANSWERS_MAX, MIXED_IN, QUALIFICATION),
        )


async def correct(uow: UnitOfWork, terms: Terms, known: Sequence[Known]) -> None:
    """Give gold tasks that are held another known answer; the answers to them are judged again."""
    if known:
        tasks = [one.task_id for one in known]
        await uow.execute(
            QUERIES.correct_gold,
            *_columns(known),
            *(terms.ontology_version_id, terms.source, terms.by, MIXED_IN, QUALIFICATION),
        )
        await uow.execute(QUERIES.mark_source, tasks)
        await skill.judge_gold_again(uow, tasks)


def _columns(known: Sequence[Known]) -> tuple[list[object], ...]:
    return (
        [one.task_id for one in known],
        [one.answer.decode() for one in known],
        [one.content_hash for one in known],
        [one.qualification for one in known],
    )


async def rest(uow: UnitOfWork, tasks: Sequence[UUID], state: str, reason: str, by: UUID | None) -> None:
    """Give gold tasks that are held to nobody any more."""
    await uow.execute(QUERIES.rest_gold, list(tasks), state, reason, by, RESTING)


async def reinstate(uow: UnitOfWork, tasks: Sequence[UUID], by: UUID | None) -> None:
    """Give gold tasks that are held out again."""
    await uow.execute(QUERIES.reinstate_gold, list(tasks), by, MIXED_IN, QUALIFICATION)


async def turn_back(uow: UnitOfWork, tasks: Sequence[UUID], reason: str, by: UUID | None) -> None:
    """Make gold tasks that are held what they were before."""
    await uow.execute(dispatch.QUERIES.revoke_leases, list(tasks), reason, by)
    await uow.fetch(QUERIES.return_gold, list(tasks), reason, by)


async def to_rotate(uow: UnitOfWork, project_id: UUID, tasks: int) -> tuple[list[UUID], list[UUID]]:
    """Return the gold tasks to exchange: those to rest, and those to come back."""
    rows = await uow.fetch(QUERIES.to_rotate, project_id, tasks, GOLD_EXPOSURES_MAX)
    return [row["tired"] for row in rows], [row["rested"] for row in rows]


async def worn(database: Database) -> list[Row]:
    """Return the gold tasks that were given out often enough, or whose item was deleted."""
    return await database.fetch(QUERIES.worn_gold, GOLD_EXPOSURES_MAX, EXPOSURES_DEFAULT)


async def good_scores(uow: UnitOfWork, tasks: Sequence[UUID]) -> dict[UUID, list[float]]:
    """Return how those who are good did on gold tasks, where there are enough of them."""
    rows = await uow.fetch(QUERIES.good_scores, list(tasks), GOOD_SKILL, GOOD_ANNOTATORS)
    return {row["task_id"]: row["scores"] for row in rows}
