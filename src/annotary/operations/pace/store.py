"""The table of a project's hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.limits import PACE_PEOPLE_MAX
from annotary.operations.pace.values import Step

QUERIES = queries.load(__package__)


class Stretch(NamedTuple):
    """Hours of a project, from one on and before another; of one member, or of all."""

    project_id: UUID
    since: datetime
    until: datetime
    member_id: UUID | None


async def count_answers(uow: UnitOfWork, submissions: Sequence[str]) -> None:
    """Add answers to their hours, each of these once."""
    if submissions:
        await uow.execute(QUERIES.count_answers, submissions)


async def count_discounted(uow: UnitOfWork, submissions: Sequence[str]) -> None:
    """Note in their hours that these answers count no more."""
    if submissions:
        await uow.execute(QUERIES.count_discounted, submissions)


async def people(uow: UnitOfWork, stretch: Stretch) -> list[Row]:
    """Return those who answered most."""
    return await uow.fetch(QUERIES.people, *stretch, PACE_PEOPLE_MAX)


async def moments(uow: UnitOfWork, stretch: Stretch, step: Step, members: Sequence[UUID]) -> list[Row]:
    """Return what these members did by steps, and together all others."""
    return await uow.fetch(QUERIES.moments, *stretch, step, members)


async def edges(uow: UnitOfWork, project: UUID) -> Row:
    """Return the first and last hour of a project; both are null where nobody answered."""
    return await one(uow, QUERIES.edges, project)
