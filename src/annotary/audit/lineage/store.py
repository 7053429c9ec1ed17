"""Reading what the tables and the logs say of one task: of its modality's schema, and of the platform's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from annotary.audit.lineage.rules import LogEntry, asset_hashes, kinds_of
from annotary.audit.lineage.values import Answered, CatalogRecords, Place, Proved, Records
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits

QUERIES = queries.load(__package__)
PLATFORM = queries.load(__package__, "platform.sql")
# An asset is named by its content: its events are about the first half of its hash.
ASSET_SUBJECT_BYTES = 16


async def outcome_place(source: UnitOfWork | Database, outcome: UUID) -> Place | None:
    """Return where an outcome lies."""
    row = await source.fetchrow(QUERIES.outcome_place, outcome)
    return Place(**row) if row else None


async def task_place(source: UnitOfWork | Database, task: UUID) -> Place | None:
    """Return where a task lies, with its current outcome, else its newest."""
    row = await source.fetchrow(QUERIES.task_place, task)
    return Place(**row) if row else None


async def versions(uow: UnitOfWork, place: Place, count_max: int) -> list[Row]:
    """Return the versions of an outcome up to the one traced, oldest first."""
    return list(await uow.fetch(QUERIES.versions, place.task_id, place.version, count_max))


async def records(uow: UnitOfWork, place: Place, service: str) -> Records:
    """Return all that the modality's tables say of a task up to a version of its outcome: one snapshot."""
    task_id = place.task_id
    task = await one(uow, QUERIES.task, task_id)
    outcomes = await versions(uow, place, limits.LINEAGE_VERSIONS_MAX)
    submissions = await uow.fetch(QUERIES.submissions, task_id, limits.LINEAGE_SUBMISSIONS_MAX)
    predictions = await uow.fetch(QUERIES.predictions, task_id, limits.LINEAGE_PREDICTIONS_MAX)
    gold = await uow.fetchrow(QUERIES.gold, task_id)
    kinds = kinds_of(task_id, submissions, outcomes, predictions, gold)
    changes = await uow.fetch(QUERIES.changes, list(kinds))
    pinned = [*submissions, *outcomes, *predictions, *changes, *([gold] if gold else [])]
    versions_named = {row["ontology_version_id"] for row in pinned} - {None}
    return Records(
        task=task,
        batch=await uow.fetchrow(QUERIES.batch, task["batch_id"]),
        versions=outcomes,
        submissions=list(submissions),
        judged=list(await uow.fetch(QUERIES.judged, task_id)),
        predictions=list(predictions),
        gold=gold,
        reviews=list(await uow.fetch(QUERIES.reviews, task_id, place.version, limits.LINEAGE_REVIEWS_MAX)),
        changes=list(changes),
        runs=list(await uow.fetch(QUERIES.runs, [row["run_id"] for row in outcomes if row["run_id"]])),
        ontology_versions=list(await uow.fetch(QUERIES.ontology_versions, list(versions_named))),
        instructions=list(await _instructions(uow, place.project_id, submissions)),
        kinds=kinds,
        events=await _events(uow, place, task["batch_id"], kinds, changes, service),
    )


async def _instructions(uow: UnitOfWork, project: UUID, submissions: Iterable[Row]) -> Sequence[Row]:
    given = sorted({row["instructions_version"] for row in submissions})
    return await uow.fetch(QUERIES.instructions, project, given)


async def _events(
    uow: UnitOfWork,
    place: Place,
    batch: UUID,
    kinds: Mapping[UUID, Answered],
    changes: Sequence[Row],
    service: str,
) -> list[LogEntry]:
    """Return the facts about a task, its batch, its predictions and the changes of its answers."""
    organisation, most = place.organisation_id, limits.LINEAGE_EVENTS_MAX
    rows = list(await uow.fetch(QUERIES.events_about, organisation, [place.task_id], most))
    rows += await uow.fetch(QUERIES.events_of_batch, organisation, batch, place.task_id, most)
    predictions = [id for id, kind in kinds.items() if kind == "prediction"]
    if predictions or changes:
        rows += await uow.fetch(
            QUERIES.events_of_project,
            organisation,
            place.project_id,
            predictions,
            [row["subject_id"] for row in changes],
            [row["change_id"] for row in changes],
            [kinds[row["subject_id"]] for row in changes],
            most,
        )
    return await log_entries(uow, organisation, rows, service)


async def catalog_records(
    platform: Database, place: Place, held: Records, accepted_at: datetime | None, until: datetime | None
) -> CatalogRecords:
    """Return what the platform knows of the item, and of exports while the outcome stood accepted."""
    organisation, task = place.organisation_id, held.task
    hashes = [bytes.fromhex(hash) for hash in asset_hashes(msgspec.json.decode(task["payload"]))]
    item = await platform.fetchrow(PLATFORM.item, organisation, task["item_id"])
    exports: list[Row] = []
    if accepted_at is not None:
        moments = (accepted_at, until, limits.LINEAGE_EXPORTS_MAX)
        exports = list(await platform.fetch(PLATFORM.exports, organisation, place.project_id, *moments))
    subjects = {task["item_id"], *(row["id"] for row in held.ontology_versions)}
    subjects |= {row["id"] for row in exports}
    subjects |= {UUID(bytes=digest[:ASSET_SUBJECT_BYTES]) for digest in hashes}
    dataset = item["dataset_id"] if item else None
    rows = await platform.fetch(
        PLATFORM.events,
        organisation,
        list(subjects),
        dataset,
        place.project_id,
        task["item_id"],
        limits.LINEAGE_EVENTS_MAX,
    )
    assets = await platform.fetch(PLATFORM.assets, organisation, hashes)
    told = await log_entries(platform, organisation, rows, platform.schema)
    return CatalogRecords(item, list(assets), exports, told)


async def names(uow: UnitOfWork, members: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of members by id."""
    return {row["id"]: row["name"] for row in await uow.fetch(QUERIES.member_names, list(members))}


async def log_entries(
    source: UnitOfWork | Database, organisation: UUID, rows: Sequence[Row], service: str
) -> list[LogEntry]:
    """Return events as they were read, each with its id and how well it is proved."""
    proved = await proofs(source, organisation, [row["sequence"] for row in rows])
    return [
        LogEntry(
            id=f"{service}.{row['sequence']}",
            type=row["type"],
            subject=row["subject_id"],
            actor=row["actor_id"],
            time=row["occurred_at"],
            text=row["data"],
            proof=proved[row["sequence"]],
            data=_object(row["data"]),
        )
        for row in rows
    ]


async def proofs(
    source: UnitOfWork | Database, organisation: UUID, sequences: Sequence[int]
) -> dict[int, Proved]:
    """Return how well events of an organisation are proved, by their sequence."""
    rows = await source.fetch(QUERIES.proofs, organisation, sequences)
    return {row["sequence"]: row["proof"] for row in rows}


def _object(text: str) -> dict[str, object]:
    """Return an event's data; what was redacted has none."""
    found = msgspec.json.decode(text)
    return found if isinstance(found, dict) else {}
