"""Audits: a random sample of what was accepted, and what its verdicts say about all of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from annotary.dispatch.rules import order_key
from annotary.eventlog import fact, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra import queries
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, rows_by_id
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, new_id, outside_id
from annotary.kernel.limits import AUDIT_OUTCOMES_MAX
from annotary.kernel.names import body_id
from annotary.projects.service import read_project
from annotary.review import rules_audit
from annotary.review.errors import UnknownAudit
from annotary.review.values import AuditView, NewAudit

QUERIES = queries.load(__package__, "audits.sql")
SEED_BITS = 63


async def start_audit(uow: UnitOfWork, caller: Caller, new: NewAudit) -> AuditView:
    """Draw a sample of a project's accepted outcomes; its reviews go to reviewers like any others.

    For the project's managers. The seed is random and kept: with it the draw can be made again.
    """
    if (new.size is None) == (new.margin is None):
        raise Invalid(path="/size", found=new.size, expected="either `size` or `margin`")
    project = await read_project(uow, caller, body_id("project", new.project, "/project"), Role.MANAGER)
    narrowed = (
        None if new.batch is None else body_id("batch", new.batch, "/batch"),
        None if new.member is None else body_id("member", new.member, "/member"),
    )
    population = await uow.fetchval(QUERIES.count_population, project["id"], *narrowed)
    row = await one(
        uow,
        QUERIES.add_audit,
        new_id(),
        project["id"],
        project["organisation_id"],
        *narrowed,
        secrets.randbits(SEED_BITS),
        new.margin,
        new.confidence,
        caller.member_id,
        sorted(new_id() for _ in range(_size(new, population))),
        order_key(system_clock(), "normal", None),
    )
    data = {name: row[name] for name in ("project_id", "seed", "population", "size")}
    await record(uow, fact("audit.started", row, caller.member_id, data))
    return (await _views(uow, [row], None))[0]


def _size(new: NewAudit, population: int) -> int:
    if new.margin is None:
        assert new.size is not None
        return min(new.size, population)
    size = rules_audit.sample_size(population, new.margin, new.confidence)
    if size > AUDIT_OUTCOMES_MAX:
        expected = f"a margin for which {AUDIT_OUTCOMES_MAX} outcomes are enough (this one needs {size})"
        raise Invalid(path="/margin", found=new.margin, expected=expected)
    return size


async def read_audit(uow: UnitOfWork, caller: Caller, audit: UUID, margin: float | None) -> AuditView:
    """Return an audit with the interval as it is now, and what a margin would need. For managers."""
    row = await uow.fetchrow(QUERIES.audit, audit)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownAudit()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    return (await _views(uow, [row], margin))[0]


async def list_audits(
    uow: UnitOfWork, caller: Caller, project: UUID, limit: int | None, next_token: str | None
) -> Page[AuditView]:
    """Return a page of a project's audits. For managers."""
    await read_project(uow, caller, project, Role.MANAGER)
    rows, following = await rows_by_id(uow, QUERIES.audits_page, limit, next_token, project)
    return Page(await _views(uow, rows, None), following)


async def _views(uow: UnitOfWork, rows: Sequence[Row], margin: float | None) -> list[AuditView]:
    counts = await uow.fetch(QUERIES.audit_counts, [row["id"] for row in rows]) if rows else []
    by_audit = {row["audit_id"]: (row["decided"], row["errors"], row["lost"]) for row in counts}
    return [_view(row, *by_audit.get(row["id"], (0, 0, 0)), margin or row["margin"]) for row in rows]


def _view(row: Row, decided: int, errors: int, lost: int, margin: float | None) -> AuditView:
    population, confidence = row["population"], round(row["confidence"], 6)
    low, high = rules_audit.interval(population, decided, errors, confidence)
    more = None
    if margin is not None:
        more = rules_audit.more_needed(population, decided, errors, margin, confidence)
    return AuditView(
        id=format_id("audit", row["id"]),
        project=format_id("project", row["project_id"]),
        batch=outside_id("batch", row["batch_id"]),
        member=outside_id("member", row["member_id"]),
        seed=row["seed"],
        population=population,
        size=row["size"],
        confidence=confidence,
        margin=None if margin is None else round(margin, 6),
        decided=decided,
        errors=errors,
        lost=lost,
        complete=decided + lost == row["size"],
        rate=errors / decided if decided else None,
        low=low,
        high=high,
        more=more,
        method=rules_audit.METHOD,
        created_by=format_id("member", row["created_by"]),
        created_at=row["created_at"],
    )
