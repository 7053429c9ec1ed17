"""Looking what a change would do: answers are read and carried as they would be; nothing is written."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id
from annotary.kernel.limits import LOOKED_ANSWERS_AT_ONCE, LOOKED_SECONDS_MAX, SAMPLES_SHOWN_MAX
from annotary.migration import rules, store
from annotary.migration.service_running import Batch
from annotary.migration.store import PARTS, QUERIES, Part
from annotary.migration.values import Carried, Counts, Stored, Version
from annotary.migration.values_looking import Looked, Sample

_decode = msgspec.json.Decoder().decode


async def look_at_migration(
    database: Database, project_ids: Sequence[UUID], versions: Mapping[UUID, Version], target: UUID
) -> Looked:
    """Return what bringing the answers of projects to a version would do; the version need not be stored."""
    sources = rules.sources(versions, target)
    total = 0
    for project_id in project_ids:
        for part in PARTS:
            total += int(await database.pool.fetchval(part.sql(QUERIES.count_part), project_id, sources))
    return await look(_pages(database, project_ids, versions, target), total)


async def _pages(
    database: Database, project_ids: Sequence[UUID], versions: Mapping[UUID, Version], target: UUID
) -> AsyncIterator[tuple[Part, Batch]]:
    sources = rules.sources(versions, target)
    carriers: dict[tuple[UUID, bool], rules.Carrier] = {}

    def carry(part: Part, rows: Sequence[Stored]) -> list[Carried]:
        is_draft = part.kind == "draft"
        for source in {row.ontology_version_id for row in rows}:
            if (source, is_draft) not in carriers:
                carriers[source, is_draft] = rules.bringing(versions, source, target, is_draft)
        return [carriers[row.ontology_version_id, is_draft].carry(row.answer, row.payload) for row in rows]

    # The few kinds first, so that a look that ends early has seen some of each.
    for part in sorted(PARTS, key=lambda one: one.timed):
        for project_id in project_ids:
            after = UUID(int=0)
            while rows := await store.page(
                database, part, project_id, after, sources, LOOKED_ANSWERS_AT_ONCE
            ):
                after = rows[-1].id
                yield part, Batch(rows, await asyncio.to_thread(carry, part, rows), after)


async def look(pages: AsyncIterator[tuple[Part, Batch]], total: int) -> Looked:
    """Return what would become of pages of answers, as far as the time goes."""
    began = time.monotonic()
    deadline = began + LOOKED_SECONDS_MAX
    counts: dict[str, Counts] = {}
    labels: Counter[str] = Counter()
    samples: list[Sample] = []
    complete = True
    async for part, batch in pages:
        mine = counts.setdefault(part.kind, Counts())
        for row, one in zip(batch.rows, batch.carried, strict=True):
            _count(mine, one)
            if one.encoded is None and not one.reason:
                continue
            labels.update(_labels(row.answer))
            if len(samples) < SAMPLES_SHOWN_MAX and _adds(samples, part, one):
                samples.append(sample(part, row, one))
        now = time.monotonic()
        if now > deadline:
            complete = False
            break
        # As long as it worked it rests: people label while somebody looks.
        await asyncio.sleep(now - began)
        began = time.monotonic()
    return Looked(total, complete, counts, dict(labels), samples)


def _count(counts: Counts, one: Carried) -> None:
    counts.looked_at += 1
    counts.lossy += one.lossy and not one.reason
    if one.reason:
        counts.ambiguous += one.reason == rules.UNDECIDED
        counts.invalid += one.reason != rules.UNDECIDED
    elif one.encoded is not None:
        counts.changed += 1
    else:
        counts.pinned += 1


def _adds(samples: Sequence[Sample], part: Part, one: Carried) -> bool:
    """Say whether a sample shows something: of each kind and each fate a few are enough."""
    alike = [it for it in samples if it.kind == part.kind and bool(it.reason) == bool(one.reason)]
    return len(alike) < SAMPLES_SHOWN_MAX // 4


def _labels(answer: str) -> list[str]:
    found: Any = _decode(answer)
    tools = found.items() if isinstance(found, dict) else ()
    return [
        f"{tool}/{mark['label']}"
        for tool, marks in tools
        if isinstance(marks, list)
        for mark in marks
        if isinstance(mark, dict) and "label" in mark
    ]


def sample(part: Part, row: Stored, one: Carried) -> Sample:
    """Return an answer before and after."""
    after = None if one.encoded is None else msgspec.Raw(one.encoded)
    kind = part.kind if part.kind in ("submission", "outcome", "prediction") else "task"
    return Sample(
        kind=part.kind,
        id=format_id(kind, row.task_id if kind == "task" else row.id),
        task=format_id("task", row.task_id),
        before=msgspec.Raw(row.answer.encode()),
        after=after,
        reason=one.reason,
        paths=one.paths,
    )
