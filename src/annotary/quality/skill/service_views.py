"""How annotators stand and what their skill is, as the API shows them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.ids import format_id
from annotary.kernel.limits import SKILL_DAYS_SHOWN_MAX
from annotary.projects.service import read_project
from annotary.quality.skill.errors import UnknownAnnotator
from annotary.quality.skill.store import QUERIES
from annotary.quality.skill.values import AnnotatorView, LabelSkill, SkillDay, SkillView

_labels = msgspec.json.Decoder(dict[str, LabelSkill]).decode


async def list_annotators(
    uow: UnitOfWork, caller: Caller, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[AnnotatorView]:
    """Return a page of a project's annotators. For its managers."""
    await read_project(uow, caller, project_id, Role.MANAGER)
    return await page_by_id(uow, QUERIES.annotators_page, annotator_view, limit, next_token, project_id, None)


async def read_annotator(uow: UnitOfWork, project_id: UUID, member_id: UUID) -> AnnotatorView:
    """Return how one annotator stands; whoever asks was checked."""
    row = await uow.fetchrow(QUERIES.annotators_page, None, 1, project_id, member_id)
    if row is None:
        raise UnknownAnnotator
    return annotator_view(row)


async def list_skills(
    uow: UnitOfWork,
    caller: Caller,
    project_id: UUID,
    member_id: UUID | None,
    limit: int | None,
    next_token: str | None,
) -> Page[SkillView]:
    """Return the skills of a project's annotators, to managers; of one, the newest days come with it.

    To annotators, only their own, as it was known yesterday: one that moved with an answer would tell them
    that the answer was to a gold task.
    """
    project = await read_project(uow, caller, project_id, Role.ANNOTATOR)
    role = access_project(caller, project_id, project["organisation_id"], Role.ANNOTATOR)
    is_own = role < Role.MANAGER
    if is_own:
        if member_id not in (None, caller.member_id):
            raise UnknownAnnotator
        member_id = caller.member_id
    page = await page_by_id(
        uow, QUERIES.skills_page, skill_view, limit, next_token, project_id, member_id, is_own
    )
    if member_id is None or not page.items:
        return page
    days = await uow.fetch(QUERIES.skill_days, project_id, member_id, SKILL_DAYS_SHOWN_MAX, is_own)
    return Page([msgspec.structs.replace(page.items[0], days=[SkillDay(**row) for row in days])])


def annotator_view(row: Row) -> AnnotatorView:
    """Return how an annotator stands as the API shows it."""
    return AnnotatorView(
        member=format_id("member", row["member_id"]),
        name=row["name"],
        project=format_id("project", row["project_id"]),
        state=row["state"],
        reason=row["reason"],
        skill=row["skill"],
        answers=row["answers"],
        requeued=row["requeued"],
        changed_at=row["changed_at"],
    )


def skill_view(row: Row) -> SkillView:
    """Return an annotator's skill as the API shows it."""
    return SkillView(
        member=format_id("member", row["member_id"]),
        name=row["name"],
        project=format_id("project", row["project_id"]),
        state=row["state"],
        skill=row["skill"],
        low=row["low"],
        high=row["high"],
        gold_answers=row["gold_answers"] or 0,
        gold_score=row["gold_score"],
        agreed_answers=row["agreed_answers"] or 0,
        agreed_score=row["agreed_score"],
        labels=_labels(row["labels"]) if row["labels"] else {},
    )
