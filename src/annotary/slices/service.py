"""The data of a project: what a filter finds, part by part, and what there is to filter by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import (
    ASSET_URL_SECONDS_MAX,
    LOOK_ANCHOR_ROWS,
    LOOK_LABELS_COUNTED_MAX,
    THUMBNAIL_ADDRESS_SECONDS,
)
from annotary.projects.service import read_project
from annotary.slices import rules, store
from annotary.slices.store import QUERIES
from annotary.slices.values import (
    Choices,
    Counted,
    Counts,
    CountsRequest,
    FoundView,
    ItemFilter,
    Look,
    Rows,
    Wanted,
)

KINDS = {"batches": "batch", "datasets": "dataset", "annotators": "member"}
Platform = Callable[[], Awaitable[Database]]


async def look(database: Database, caller: Caller, key: bytes, project: str, asked: ItemFilter) -> Look:
    """Return what a filter finds: how much, where its parts begin, and the first of them. For reviewers."""
    async with database.transaction() as uow:
        row, wanted = await _opened(uow, caller, project, asked)
        found = await store.look(uow, row["id"], wanted)
        assert found is not None
        # In the order of their ids, in which the database numbered them.
        anchors: list[UUID] = sorted(found["anchors"] or [])
        until = anchors[1] if len(anchors) > 1 else None
        rows = await store.rows(uow, row["id"], wanted, None, until) if anchors else []
    return Look(
        count=found["count"],
        anchor_rows=LOOK_ANCHOR_ROWS,
        anchors=[format_id("task", one) for one in anchors],
        rows=found_views(rows, row, key),
    )


async def count(database: Database, caller: Caller, asked: CountsRequest) -> Counts:
    """Return how many tasks a filter finds, and in which states. For reviewers."""
    async with database.transaction() as uow:
        row, wanted = await _opened(uow, caller, asked.project, asked.filter)
        found = await uow.fetch(QUERIES.count_states, row["id"], *wanted)
    states = {one["state"]: one["count"] for one in found}
    return Counts(sum(states.values()), states)


async def read_rows(
    database: Database,
    caller: Caller,
    key: bytes,
    project: str,
    asked: ItemFilter,
    since: str,
    until: str | None,
) -> Rows:
    """Return what a filter finds from one anchor of a look up to the next."""
    bounds = parse_id("task", since), parse_id("task", until) if until else None
    async with database.transaction() as uow:
        row, wanted = await _opened(uow, caller, project, asked)
        return Rows(found_views(await store.rows(uow, row["id"], wanted, *bounds), row, key))


async def read_choices(database: Database, platform: Platform, caller: Caller, project: str) -> Choices:
    """Return what there is to filter by in a project, with counts. Reviewers see no annotators."""
    async with database.connection() as uow:
        row = await read_project(uow, caller, parse_id("project", project), Role.REVIEWER)
        role = access_project(caller, row["id"], row["organisation_id"], Role.REVIEWER)
        counted: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for one in await uow.fetch(QUERIES.counts, row["id"], LOOK_LABELS_COUNTED_MAX):
            counted[one["field"]].append((one["value"], one["count"]))
        known = [UUID(value) for field in ("batches", "annotators") for value, _ in counted[field]]
        names = {one["id"]: one["name"] for one in await uow.fetch(QUERIES.names_of, known)}
    if counted["datasets"]:
        ids = [UUID(value) for value, _ in counted["datasets"]]
        found = await (await platform()).fetch(QUERIES.dataset_names, ids)
        names |= {one["id"]: one["name"] for one in found}
    return Choices(
        count=sum(count for _, count in counted["states"]),
        states=_plain(counted["states"]),
        batches=_named(counted, "batches", names),
        datasets=_named(counted, "datasets", names),
        labels=_plain(counted["labels"]),
        answered=_plain(counted["answered"]),
        annotators=_named(counted, "annotators", names) if role >= Role.MANAGER else [],
        issues=sum(count for _, count in counted["issues"]),
    )


async def _opened(uow: UnitOfWork, caller: Caller, project: str, asked: ItemFilter) -> tuple[Row, Wanted]:
    """Return the project that the caller may look into, and the filter as the database takes it."""
    row = await read_project(uow, caller, parse_id("project", project), Role.REVIEWER)
    wanted = rules.wanted(asked, access_project(caller, row["id"], row["organisation_id"], Role.REVIEWER))
    await uow.execute(QUERIES.plan_for_values)
    return row, wanted


def found_views(rows: list[Row], project: Row, key: bytes) -> list[FoundView]:
    """Return found tasks of an organisation's project as the API shows them."""
    # In whole hours, so that a browser meets the same address again.
    now = int(system_clock().timestamp())
    expires_at = now - now % THUMBNAIL_ADDRESS_SECONDS + THUMBNAIL_ADDRESS_SECONDS + ASSET_URL_SECONDS_MAX
    return [store.found_view(row, key, project["organisation_id"], expires_at) for row in rows]


def _plain(found: list[tuple[str, int]]) -> list[Counted]:
    return [Counted(value, value, count) for value, count in found]


def _named(counted: dict[str, list[tuple[str, int]]], field: str, names: dict[UUID, str]) -> list[Counted]:
    """Return counts by what is named, with ids as they are outside."""
    return [
        Counted(format_id(KINDS[field], UUID(value)), names.get(UUID(value)) or value[:8], count)
        for value, count in counted[field]
    ]
