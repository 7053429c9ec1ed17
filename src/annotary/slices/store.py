"""The tables of slices: what tasks are found by, what a filter finds, filters that are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary.catalog.rules import sign_asset_url
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel import limits
from annotary.kernel.ids import format_id, outside_id
from annotary.slices import rules
from annotary.slices.values import Facets, FoundView, ItemFilter, SliceView, Told, Wanted

QUERIES = queries.load(__package__)
_decode_answer = msgspec.json.Decoder(dict[str, object]).decode
_decode_told = msgspec.json.Decoder(list[Told]).decode
_decode_filter = msgspec.json.Decoder(ItemFilter).decode
_encode = msgspec.json.Encoder().encode


async def look(uow: UnitOfWork, project: UUID, wanted: Wanted) -> Row | None:
    """Return how many tasks a filter finds, in which states, and the anchors of their list."""
    return await uow.fetchrow(QUERIES.look, project, None, None, *wanted, limits.LOOK_ANCHOR_ROWS)


async def rows(
    uow: UnitOfWork, project: UUID, wanted: Wanted, since: UUID | None, until: UUID | None
) -> list[Row]:
    """Return what a filter finds from one id on, up to another: as many as lie between two anchors, and more
    where others have come in between.
    """
    bounds = (limits.LOOK_TEXT_CHARACTERS_MAX, 2 * limits.LOOK_ANCHOR_ROWS)
    return await uow.fetch(QUERIES.found_rows, project, since, until, *wanted, *bounds)


def found_view(row: Row, signing_key: bytes, organisation_id: UUID, expires_at: int) -> FoundView:
    """Return a found task as the API shows it; the address of its picture is good until `expires_at`."""
    asset = row["asset"]
    return FoundView(
        task=format_id("task", row["task_id"]),
        item=format_id("item", row["item_id"]),
        unique_id=row["unique_id"],
        batch=format_id("batch", row["batch_id"]),
        state=row["state"],
        overlap=row["overlap"],
        leased=row["leased"],
        answered=row["answered"],
        text=row["text"],
        thumbnail=None
        if asset is None
        else sign_asset_url(signing_key, organisation_id, asset, expires_at).replace(
            "/content?", "/thumbnail?"
        ),
        told=_decode_told(row["told"]),
        outcome=outside_id("outcome", row["outcome_id"]),
        outcome_state=row["outcome_state"],
        confidence=row["confidence"],
        agreement=row["agreement"],
        issues=row["issues"],
    )


def slice_view(row: Row) -> SliceView:
    """Return a slice as the API shows it."""
    return SliceView(
        id=format_id("slice", row["id"]),
        project=format_id("project", row["project_id"]),
        name=row["name"],
        filter=_decode_filter(row["filter"]),
        version=row["version"],
        created_by=format_id("member", row["created_by"]),
        created_at=row["created_at"],
    )


async def add_tasks(uow: UnitOfWork, platform: Database, tasks: Sequence[UUID]) -> None:
    """Begin to keep what tasks are found by; those that are kept already stay as they are."""
    items = [row["item_id"] for row in await uow.fetch(QUERIES.released_tasks, tasks)]
    catalogued = await platform.fetch(QUERIES.catalogued, items)
    ids = [row["id"] for row in catalogued]
    await uow.execute(QUERIES.add_facets, tasks, ids, [row["dataset_id"] for row in catalogued])
    metadata = [row["metadata"] for row in catalogued]
    await uow.execute(QUERIES.add_words, tasks, ids, metadata, limits.SEARCHED_ITEM_BYTES_MAX)


async def set_facets(uow: UnitOfWork, tasks: Sequence[UUID]) -> None:
    """Bring what tasks are found by to how their answers, outcomes and issues are now. Idempotent."""
    answers: dict[UUID, list[Row]] = defaultdict(list)
    for row in await uow.fetch(QUERIES.counted_answers, tasks):
        answers[row["task_id"]].append(row)
    outcomes = {row["task_id"]: row for row in await uow.fetch(QUERIES.current_outcomes, tasks)}
    issues = {row["task_id"]: row["issues"] for row in await uow.fetch(QUERIES.open_issues, tasks)}
    found = [_facets(task, answers[task], outcomes.get(task), issues.get(task, 0)) for task in tasks]
    await uow.execute(QUERIES.set_facets, _encode(found).decode())


def _facets(task: UUID, answers: Sequence[Row], outcome: Row | None, issues: int) -> Facets:
    given = [_decode_answer(row["answer"]) for row in answers]
    said = rules.tell(given)
    agreed = [_decode_answer(outcome["answer"])] if outcome and outcome["state"] != "withdrawn" else []
    told = rules.tell(agreed)
    return Facets(
        task_id=task,
        labels=[one.word for one in told if one.label],
        said=[one.word for one in said if one.label],
        member_ids=sorted({row["member_id"] for row in answers}),
        told=rules.shown_words(told if agreed else said),
        outcome_id=outcome["id"] if outcome else None,
        outcome_state=outcome["state"] if outcome else None,
        confidence=outcome["confidence"] if outcome else None,
        agreement=outcome["agreement"] if outcome else None,
        issues=issues,
    )
