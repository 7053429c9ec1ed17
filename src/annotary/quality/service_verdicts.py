"""What a person's verdict does to outcomes: they are accepted, amended, or rejected and asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import annotary
from annotary import eventlog
from annotary.dispatch.rework import ReworkBy, reopen
from annotary.eventlog import Event, fact
from annotary.infra import queries
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.ids import new_id
from annotary.quality.store import hold_outcomes

QUERIES = queries.load(__package__, "verdicts.sql")


async def accept(uow: UnitOfWork, outcome_ids: Sequence[UUID], by: UUID) -> list[UUID]:
    """Accept proposed outcomes that are still current; returns those."""
    await hold_outcomes(uow)
    rows = await uow.fetch(QUERIES.accept_proposed, list(outcome_ids), by)
    await _tell(uow, [_fact("outcome.accepted", row, by, _content(row)) for row in rows])
    return [row["id"] for row in rows]


async def amend(
    uow: UnitOfWork,
    outcome_id: UUID,
    answer: bytes,
    content_hash: bytes,
    by: UUID,
    state: Literal["proposed", "accepted"],
) -> UUID | None:
    """Put a checked canonical answer in the place of a current outcome, as its next version.

    Returns the new outcome's id, or None where the outcome was not current any more.
    """
    await hold_outcomes(uow)
    before = await uow.fetchrow(QUERIES.give_way, outcome_id)
    if before is None:
        return None
    content = (answer.decode(), content_hash, state, annotary.__version__, by)
    row = await one(uow, QUERIES.add_amendment, outcome_id, new_id(), *content)
    kind = "outcome.proposed" if state == "proposed" else "outcome.accepted"
    if state == before["state"] == "accepted":
        kind = "outcome.revised"
    await _tell(uow, [_fact(kind, row, by, _content(row))])
    amended: UUID = row["id"]
    return amended


async def revert(uow: UnitOfWork, terms: Row, by: UUID, reason: str) -> UUID:
    """Put an earlier version in the place of the current one, as the next version; returns that one's id.

    `terms` is a row of `revert_terms`, read while the caller is the only writer of outcomes.
    """
    kind = "outcome.accepted" if terms["current_state"] == "proposed" else "outcome.revised"
    written = (terms["id"], new_id(), terms["current_id"], annotary.__version__, by)
    await one(uow, QUERIES.give_way, terms["current_id"])
    row = await one(uow, QUERIES.add_reverted, *written)
    told = {**_content(row), "reverts": terms["id"], "reason": reason}
    await _tell(uow, [_fact(kind, row, by, told)])
    reverted: UUID = row["id"]
    return reverted


async def reject(
    uow: UnitOfWork, outcome_ids: Sequence[UUID], by: UUID | None, reason: str, rework_by: ReworkBy
) -> list[UUID]:
    """Withdraw outcomes that are still current and ask for their tasks' answers again; returns those tasks.

    A task that is gold meanwhile only loses its outcome.
    """
    await hold_outcomes(uow)
    rows = await uow.fetch(QUERIES.withdraw_current, list(outcome_ids))
    told = {"reason": reason, "rejected": True}
    await _tell(
        uow,
        [
            _fact("outcome.withdrawn", row, by, {"outcome": row["id"], "version": row["version"], **told})
            for row in rows
        ],
    )
    await reopen(uow, [row["task_id"] for row in rows], rework_by, reason, by)
    return [row["task_id"] for row in rows]


def _content(row: Row) -> dict[str, Any]:
    return {
        "outcome": row["id"],
        "version": row["version"],
        "content_hash": row["content_hash"].hex(),
        "ontology_version": row["ontology_version_id"],
        "aggregator": row["aggregator"],
        "confidence": row["confidence"],
        "submissions": row["submission_ids"],
    }


def _fact(kind: str, row: Row, by: UUID | None, data: dict[str, Any]) -> Event:
    return fact(kind, row, by, data, "task_id")


async def _tell(uow: UnitOfWork, events: Sequence[Event]) -> None:
    if events:
        await eventlog.record(uow, *events)
