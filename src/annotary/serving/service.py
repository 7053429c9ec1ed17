"""Predictions: checked like answers, stored once, and suggested to annotators."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary import eventlog
from annotary.dispatch.errors import UnknownTask
from annotary.eventlog import Event
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import PREDICTIONS_BUSY_SECONDS_MAX
from annotary.modalities.answers import AnswerValidator
from annotary.modalities.errors import InvalidAnswer
from annotary.serving import rules, store
from annotary.serving.errors import PredictionExists
from annotary.serving.values import (
    Checked,
    NewPrediction,
    NewPredictions,
    Place,
    PredictionsStored,
    PredictionView,
)


async def check_predictions(database: Database, caller: Caller, new: NewPredictions) -> list[Checked]:
    """Return what may be stored, checked against the project's current ontology version. For managers.

    Raises with the path of the first prediction that may not; nothing is written here.
    """
    rules.check_count(len(new.predictions))
    paths = [f"/predictions/{number}" for number in range(len(new.predictions))]
    named = [rules.check_named(one, path) for one, path in zip(new.predictions, paths, strict=True)]
    places = await store.places(database, named)
    for number, path in enumerate(paths):
        place = places.get(number)
        if place is None or project_role(caller, place.project_id, place.organisation_id) is None:
            raise UnknownTask(path=path)
        access_project(caller, place.project_id, place.organisation_id, Role.MANAGER)
    versions = {place.ontology_version_id for place in places.values()}
    validators = await store.validators(database, sorted(versions))
    checked: list[Checked] = []
    since = time.perf_counter()
    for number, one in enumerate(new.predictions):
        place = places[number]
        checked.append(_check(one, place, validators[place.ontology_version_id], paths[number]))
        # A request with many predictions gives way to others now and then.
        if time.perf_counter() - since > PREDICTIONS_BUSY_SECONDS_MAX:
            await asyncio.sleep(0)
            since = time.perf_counter()
    return checked


def _check(new: NewPrediction, place: Place, validator: AnswerValidator, path: str) -> Checked:
    model, version, score = rules.check_model(new, path)
    try:
        canonical = validator.validate(bytes(new.answer), msgspec.json.decode(place.payload))
    except InvalidAnswer as error:
        raise rules.at(error, path) from None
    return Checked(
        id=new_id(),
        place=place,
        model=model,
        version=version,
        score=score,
        answer=canonical.encoded,
        content_hash=canonical.content_hash,
    )


async def store_predictions(uow: UnitOfWork, caller: Caller, checked: Sequence[Checked]) -> PredictionsStored:
    """Store predictions, and suggest the best of each task; one that is there already has no effect.

    Raises PredictionExists where the same model version said something else before.
    """
    tasks = rules.each_once([one.place.task_id for one in checked])
    await store.hold_items(uow, tasks)
    rows = await store.add_predictions(uow, checked)
    for number, row in enumerate(rows):
        if not row["same"]:
            raise PredictionExists(path=f"/predictions/{number}", existing=format_id("prediction", row["id"]))
    fresh = [one for one, row in zip(checked, rows, strict=True) if one.id == row["id"]]
    if fresh:
        await store.copy_suggestions(uow, tasks)
        await eventlog.record(uow, *_facts(caller, fresh))
    return PredictionsStored(
        stored=len(fresh),
        unchanged=len(checked) - len(fresh),
        predictions=[format_id("prediction", row["id"]) for row in rows],
    )


def _facts(caller: Caller, fresh: Sequence[Checked]) -> list[Event]:
    """Return one event for each project that predictions came for; the hash covers theirs, in order."""
    by_project: dict[UUID, list[Checked]] = {}
    for one in fresh:
        by_project.setdefault(one.place.project_id, []).append(one)
    return [
        Event(
            organisation_id=of_project[0].place.organisation_id,
            type="predictions.stored",
            subject_id=project_id,
            actor_id=caller.member_id,
            data={
                "predictions": [one.id for one in of_project],
                "models": sorted({f"{one.model} {one.version}" for one in of_project}),
                "content_hash": blake3(b"".join(one.content_hash for one in of_project)).hexdigest(),
            },
        )
        for project_id, of_project in by_project.items()
    ]


async def list_predictions(
    uow: UnitOfWork, caller: Caller, task_id: UUID, limit: int | None, next_token: str | None
) -> Page[PredictionView]:
    """Return a page of the predictions for a task. For reviewers."""
    place = await uow.fetchrow(store.QUERIES.task_project, task_id)
    if place is None or project_role(caller, place["project_id"], place["organisation_id"]) is None:
        raise UnknownTask
    access_project(caller, place["project_id"], place["organisation_id"], Role.REVIEWER)
    return await page_by_id(uow, store.QUERIES.predictions_page, prediction_view, limit, next_token, task_id)


def prediction_view(row: Row) -> PredictionView:
    """Return a prediction as the API shows it."""
    return PredictionView(
        id=format_id("prediction", row["id"]),
        task=format_id("task", row["task_id"]),
        model=row["model"],
        version=row["model_version"],
        score=row["score"],
        answer=msgspec.Raw(row["answer"].encode()),
        created_at=row["created_at"],
    )
