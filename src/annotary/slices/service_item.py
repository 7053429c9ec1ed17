"""All that is known of one task and its item."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.dispatch.errors import UnknownTask
from annotary.dispatch.payloads import shown_payload
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row
from annotary.infra.rows import one
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, outside_id, parse_id
from annotary.kernel.limits import ITEM_ANSWERS_SHOWN_MAX
from annotary.slices import rules, store
from annotary.slices.service import Platform, found_views
from annotary.slices.store import QUERIES
from annotary.slices.values import GivenView, ItemFilter, ItemView, OutcomeNow, PredictionNow, Told

_decode = msgspec.json.Decoder(dict[str, object]).decode


async def read_item(
    database: Database, platform: Platform, caller: Caller, key: bytes, name: str, project: str | None
) -> ItemView:
    """Return what is known of a task, named by its id or, with a project, by that of its item.

    For managers and reviewers; reviewers do not learn who answered.
    """
    kind = "item" if name.startswith("item_") else "task"
    async with database.connection() as uow:
        place = await uow.fetchrow(
            QUERIES.task_place, parse_id(kind, name), parse_id("project", project) if project else None
        )
        if place is None or project_role(caller, place["project_id"], place["organisation_id"]) is None:
            raise UnknownTask()
        role = access_project(caller, place["project_id"], place["organisation_id"], Role.REVIEWER)
        task = place["task_id"]
        wanted = rules.wanted(ItemFilter(tasks=[format_id("task", task)]), role)
        (found,) = found_views(await store.rows(uow, place["project_id"], wanted, None, None), place, key)
        item = await one(uow, QUERIES.item_of_task, task)
        answers = await uow.fetch(QUERIES.answers_of_task, task, ITEM_ANSWERS_SHOWN_MAX)
        outcome = await uow.fetchrow(QUERIES.outcome_of_task, task)
        predictions = await uow.fetch(QUERIES.predictions_of_task, task, ITEM_ANSWERS_SHOWN_MAX)
    dataset = item["dataset_id"]
    named = await (await platform()).fetch(QUERIES.dataset_names, [dataset]) if dataset else []
    return ItemView(
        found=found,
        payload=shown_payload(key, place["organisation_id"], item["payload"], system_clock()),
        metadata=msgspec.Raw(item["metadata"].encode()) if item["metadata"] else None,
        dataset=outside_id("dataset", dataset),
        dataset_name=named[0]["name"] if named else None,
        batch_name=item["batch_name"] or "",
        released_at=item["created_at"],
        answers=[_given(row, role >= Role.MANAGER) for row in answers],
        outcome=_outcome(outcome) if outcome else None,
        predictions=[_prediction(row) for row in predictions],
    )


def _given(row: Row, open_handed: bool) -> GivenView:
    why = "revised" if row["revised"] else None if row["counts"] else row["reason"] or row["assignment_state"]
    return GivenView(
        id=format_id("submission", row["id"]),
        member=format_id("member", row["member_id"]) if open_handed else None,
        name=row["member"] if open_handed else None,
        answer=msgspec.Raw(row["answer"].encode()),
        told=_told(row),
        seconds=row["seconds"],
        claimed_at=row["claimed_at"],
        received_at=row["received_at"],
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        counts=bool(row["counts"]),
        why=why,
    )


def _outcome(row: Row) -> OutcomeNow:
    return OutcomeNow(
        id=format_id("outcome", row["id"]),
        version=row["version"],
        state=row["state"],
        answer=msgspec.Raw(row["answer"].encode()),
        told=_told(row),
        aggregator=row["aggregator"],
        confidence=row["confidence"],
        agreement=row["agreement"],
        created_at=row["created_at"],
    )


def _prediction(row: Row) -> PredictionNow:
    return PredictionNow(
        id=format_id("prediction", row["id"]),
        model=row["model"],
        version=row["model_version"],
        score=row["score"],
        answer=msgspec.Raw(row["answer"].encode()),
        told=_told(row),
    )


def _told(row: Row) -> Sequence[Told]:
    return rules.shown_words(rules.tell([_decode(row["answer"])]))
