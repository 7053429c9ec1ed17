"""Going back to an earlier version of an outcome."""

from __future__ import annotations

from uuid import UUID

from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.limits import REASON_CHARACTERS_MAX
from annotary.kernel.names import check_text
from annotary.quality.errors import NothingToRevert, UnknownOutcome
from annotary.quality.service_outcomes import outcome_view
from annotary.quality.service_verdicts import QUERIES, revert
from annotary.quality.store import hold_outcomes
from annotary.quality.values import OutcomeView


async def revert_outcome(uow: UnitOfWork, caller: Caller, outcome_id: UUID, reason: str) -> OutcomeView:
    """Write what an earlier outcome said as the task's next version, and return that. For managers.

    Where the current version is that outcome already, or goes back to it, it is returned and nothing is
    written. Raises NothingToRevert where the task has no current outcome.
    """
    check_text(reason, "/reason", REASON_CHARACTERS_MAX, may_be_empty=True)
    await hold_outcomes(uow)
    terms = await uow.fetchrow(QUERIES.revert_terms, outcome_id)
    if terms is None or project_role(caller, terms["project_id"], terms["organisation_id"]) is None:
        raise UnknownOutcome
    access_project(caller, terms["project_id"], terms["organisation_id"], Role.MANAGER)
    current: UUID | None = terms["current_id"]
    if current is None:
        raise NothingToRevert
    if outcome_id not in (current, terms["current_reverts"]):
        current = await revert(uow, terms, caller.member_id, reason)
    return outcome_view(await one(uow, QUERIES.outcome, current))
