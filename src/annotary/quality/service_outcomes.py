"""Outcomes and progress, as the API shows them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page, encode_token, page_limit, token_id
from annotary.infra.kept_counts import KeptCounts
from annotary.infra.postgres import Database, Row
from annotary.infra.rows import one
from annotary.kernel.ids import format_id, outside_id
from annotary.projects.service import read_project
from annotary.quality.errors import UnknownOutcome
from annotary.quality.gold.rules import round_numbers
from annotary.quality.store import QUERIES
from annotary.quality.values import ConsensusState, OutcomeView, Progress, SubmissionBrief, TaskOutcome


async def list_outcomes(
    database: Database, caller: Caller, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[OutcomeView]:
    """Return a page of a project's current outcomes, in the order of its tasks. For reviewers."""
    length = page_limit(limit)
    async with database.connection() as uow:
        await read_project(uow, caller, project_id, Role.REVIEWER)
        rows = await uow.fetch(QUERIES.outcomes_page, token_id(next_token), length + 1, project_id)
    following = encode_token(rows[length - 1]["task_id"].hex) if len(rows) > length else None
    return Page([outcome_view(row) for row in rows[:length]], following)


async def read_outcome(database: Database, caller: Caller, task_id: UUID) -> TaskOutcome:
    """Return a task's outcome with its versions, for reviewers; for managers also the submissions."""
    async with database.connection() as uow:
        place = await uow.fetchrow(QUERIES.task_place, task_id)
        if place is None or project_role(caller, place["project_id"], place["organisation_id"]) is None:
            raise UnknownOutcome
        role = access_project(caller, place["project_id"], place["organisation_id"], Role.REVIEWER)
        versions = [outcome_view(row) for row in await uow.fetch(QUERIES.task_outcomes, task_id)]
        rows = await uow.fetch(QUERIES.task_submissions, task_id) if role >= Role.MANAGER else None
    current = versions[0] if versions and versions[0].superseded_at is None else None
    return TaskOutcome(
        task=format_id("task", task_id),
        state=_state(place, versions, current),
        reason=place["reason"],
        current=current,
        versions=versions,
        submissions=None if rows is None else [_submission_brief(row) for row in rows],
    )


def _state(place: Row, versions: list[OutcomeView], current: OutcomeView | None) -> ConsensusState:
    if place["merge_state"] == "blocked":
        return "blocked"
    if place["merge_state"] == "waiting":
        return "merging"
    if current is not None:
        return "proposed" if current.state == "proposed" else "accepted"
    return "withdrawn" if versions else "none"


def outcome_view(row: Row) -> OutcomeView:
    """Return an outcome as the API shows it."""
    return OutcomeView(
        id=format_id("outcome", row["id"]),
        task=format_id("task", row["task_id"]),
        unique_id=row["unique_id"],
        project=format_id("project", row["project_id"]),
        version=row["version"],
        state=row["state"],
        answer=msgspec.Raw(row["answer"].encode()),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        aggregator=row["aggregator"],
        aggregator_version=row["aggregator_version"],
        parameters=msgspec.Raw(row["parameters"].encode()),
        run=None if row["run_id"] is None else format_id("consensus_run", row["run_id"]),
        confidence=row["confidence"],
        confidences=None if row["confidences"] is None else msgspec.Raw(row["confidences"].encode()),
        agreement=row["agreement"],
        submissions=[format_id("submission", one) for one in row["submission_ids"]],
        reverts=outside_id("outcome", row["reverts"]),
        created_at=row["created_at"],
        superseded_at=row["superseded_at"],
    )


def _submission_brief(row: Row) -> SubmissionBrief:
    return SubmissionBrief(
        id=format_id("submission", row["id"]),
        member=format_id("member", row["member_id"]),
        answer=msgspec.Raw(row["answer"].encode()),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        seconds=row["seconds"],
        received_at=row["received_at"],
        counts=row["counts"],
    )


class ProgressCounts(KeptCounts[Progress]):
    """Counts of projects, kept for a moment."""

    def __init__(self, database: Database) -> None:
        async def count(project_id: UUID) -> Progress:
            async with database.connection() as uow:
                return Progress(**await one(uow, QUERIES.progress, project_id))

        super().__init__(count)


async def read_progress(
    database: Database, counts: ProgressCounts, caller: Caller, project_id: UUID
) -> Progress:
    """Return how far a project is, to anybody on it; to annotators in round numbers."""
    async with database.connection() as uow:
        row = await read_project(uow, caller, project_id, Role.ANNOTATOR)
    role = access_project(caller, project_id, row["organisation_id"], Role.ANNOTATOR)
    found = await counts.of(project_id)
    return found if role >= Role.REVIEWER else round_numbers(found)
