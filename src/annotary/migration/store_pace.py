"""How fast the service gives out tasks, as its processes note it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database
from annotary.kernel.limits import CLAIM_PACE_FRESH_SECONDS_MAX

QUERIES = queries.load(__package__, "pace.sql")


class ClaimPace(NamedTuple):
    """The claims of the last seconds, and the p99 of the slowest process."""

    claims: int
    p99_seconds: float


async def note_pace(database: Database, pace: ClaimPace) -> None:
    """Note how fast this process gave out tasks."""
    await database.execute(QUERIES.note_pace, os.getpid(), pace.claims, pace.p99_seconds)


async def read_pace(database: Database) -> ClaimPace | None:
    """Return how fast tasks are given out now; None while nobody asks for any."""
    row = await database.fetchrow(QUERIES.read_pace, CLAIM_PACE_FRESH_SECONDS_MAX)
    return ClaimPace(row["claims"], row["p99_seconds"]) if row and row["claims"] else None


async def changes_running(database: Database) -> int:
    """Return how many changes are at work in a modality."""
    row = await database.fetchrow(QUERIES.changes_running)
    return int(row["running"]) if row else 0


async def add_refusals(database: Database, refusals: Mapping[tuple[UUID, UUID], int]) -> None:
    """Count answers refused as invalid, by (project, ontology version)."""
    projects, versions = zip(*refusals, strict=True)
    await database.execute(QUERIES.add_refusals, projects, versions, list(refusals.values()))
