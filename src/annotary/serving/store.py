"""The table of predictions, and their copies where a claim finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.limits import SUGGESTIONS_PER_TASK_MAX
from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.values import Definition
from annotary.serving.values import Checked, Place, TaskNamed

QUERIES = queries.load(__package__)


async def places(database: Database, named: Sequence[TaskNamed]) -> dict[int, Place]:
    """Return the tasks that are named, by their position; one that does not exist is left out."""
    by_id = [number for number, one in enumerate(named) if one.task_id is not None]
    by_key = [number for number, one in enumerate(named) if one.task_id is None]
    rows = await database.fetch(
        QUERIES.places,
        by_id,
        [named[number].task_id for number in by_id],
        by_key,
        [named[number].project_id for number in by_key],
        [named[number].unique_id for number in by_key],
    )
    return {row["position"]: Place(**row) for row in rows}


async def validators(database: Database, versions: Sequence[UUID]) -> Mapping[UUID, AnswerValidator]:
    """Return the compiled ontology versions."""
    rows = await database.fetch(QUERIES.definitions, versions)
    return {
        row["id"]: compile_ontology(
            row["modality"],
            msgspec.json.decode(row["definition"], type=Definition),
            row["content_hash"],
        )
        for row in rows
    }


async def hold_items(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Lock tasks whose suggestions are about to change."""
    await uow.execute(QUERIES.hold_items, task_ids)


async def add_predictions(uow: UnitOfWork, new: Sequence[Checked]) -> list[Row]:
    """Store what is new; returns, for each in order, the stored `id` and whether it says the `same`."""
    tasks = [one.place.task_id for one in new]
    models, versions = [one.model for one in new], [one.version for one in new]
    scores, hashes = [one.score for one in new], [one.content_hash for one in new]
    await uow.execute(
        QUERIES.add_predictions,
        [one.id for one in new],
        tasks,
        [one.place.project_id for one in new],
        [one.place.organisation_id for one in new],
        models,
        versions,
        scores,
        [one.answer.decode() for one in new],
        hashes,
        [one.place.ontology_version_id for one in new],
    )
    return list(await uow.fetch(QUERIES.stored_predictions, tasks, models, versions, scores, hashes))


async def copy_suggestions(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Put the best predictions of tasks where a claim finds them. Hold the items first."""
    await uow.execute(QUERIES.copy_suggestions, task_ids, SUGGESTIONS_PER_TASK_MAX)
