"""How fast a project's answers come in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Database, Row
from annotary.infra.rows import page_by_id
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, outside_id
from annotary.operations.pace import store
from annotary.operations.pace.rules import least_id, stretch
from annotary.operations.pace.values import PaceAnswer, PaceMoment, PacePerson, PaceView, Step
from annotary.projects.service import read_project

# How far an answer's id may be from when it was committed: process and database have clocks of their own.
SLACK = timedelta(minutes=10)


class Asked(NamedTuple):
    """Whose answers are asked for, from when to when; what is null is left open."""

    project: UUID
    since: datetime | None
    until: datetime | None
    member: UUID | None


async def project_pace(database: Database, caller: Caller, wanted: Asked, step: Step) -> PaceView:
    """Return how many answers came in between two times, by whom. For reviewers of the project."""
    project, member = wanted.project, wanted.member
    start, end = stretch(wanted.since, wanted.until, step, system_clock())
    async with database.connection() as uow:
        await read_project(uow, caller, project, Role.REVIEWER)
        asked = store.Stretch(project, start, end, member)
        people = await store.people(uow, asked)
        moments = await store.moments(uow, asked, step, [row["member_id"] for row in people])
        edges = await store.edges(uow, project)
    return PaceView(
        project=format_id("project", project),
        since=start,
        until=end,
        step=step,
        people=[_person(row) for row in people],
        people_total=people[0]["people_total"] if people else 0,
        moments=[_moment(row) for row in moments],
        first_at=edges["first_at"],
        last_at=edges["last_at"],
    )


async def answers(
    database: Database, caller: Caller, wanted: Asked, limit: int | None, next_token: str | None
) -> Page[PaceAnswer]:
    """Return a page of the answers that came in between two times, in their order. For reviewers."""
    project, member = wanted.project, wanted.member
    since, until = stretch(wanted.since, wanted.until, "day", system_clock())
    async with database.connection() as uow:
        await read_project(uow, caller, project, Role.REVIEWER)
        ids = least_id(since - SLACK), least_id(until + SLACK)
        asked = (project, *ids, since, until, member)
        return await page_by_id(uow, store.QUERIES.answers, _answer, limit, next_token, *asked)


def _answer(row: Row) -> PaceAnswer:
    return PaceAnswer(
        submission=format_id("submission", row["id"]),
        task=format_id("task", row["task_id"]),
        unique_id=row["unique_id"],
        member=format_id("member", row["member_id"]),
        name=row["name"],
        at=row["committed_at"],
        seconds=row["seconds"],
        counts=row["counts"],
    )


def _person(row: Row) -> PacePerson:
    return PacePerson(
        member=format_id("member", row["member_id"]),
        name=row["name"],
        labels=row["labels"],
        revisions=row["revisions"],
        discounted=row["discounted"],
        worked_seconds=row["worked_seconds"],
    )


def _moment(row: Row) -> PaceMoment:
    return PaceMoment(
        at=row["at"],
        member=outside_id("member", row["member"]),
        labels=row["labels"],
        revisions=row["revisions"],
        discounted=row["discounted"],
        worked_seconds=row["worked_seconds"],
    )
