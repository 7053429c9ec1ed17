"""What waits for a member: counted up to a bound, so that asking costs little however much there is."""

from __future__ import annotations

from annotary.dispatch.values import ProjectWaiting, Waiting
from annotary.identity.values import Caller, Role
from annotary.infra import queries
from annotary.infra.postgres import UnitOfWork
from annotary.kernel import limits
from annotary.kernel.ids import format_id

QUERIES = queries.load(__package__, "waiting.sql")


async def read_waiting(uow: UnitOfWork, caller: Caller, modality: str) -> Waiting:
    """Return what waits for the caller in each active project of a modality that the caller may work on."""
    rows = await uow.fetch(
        QUERIES.waiting,
        caller.member_id,
        caller.organisation_id,
        caller.role >= Role.MANAGER,
        list(caller.projects),
        limits.WAITING_TASKS_MAX,
        limits.WAITING_PROJECTS_MAX,
        modality,
    )
    return Waiting(
        [
            ProjectWaiting(
                project=format_id("project", row["project_id"]),
                open=min(row["open"], limits.WAITING_TASKS_MAX),
                mine_leased=row["mine_leased"],
                answered_by_me=row["answered_by_me"],
            )
            for row in rows
        ]
    )
