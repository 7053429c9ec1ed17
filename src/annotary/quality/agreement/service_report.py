"""A project's agreement as the API shows it: measures are made of sums, in a process of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database
from annotary.kernel.errors import TooLarge, Unavailable
from annotary.kernel.ids import format_id
from annotary.kernel.limits import AGREEMENT_CELLS_MAX, AGREEMENT_REPLICATES, AGREEMENT_SECONDS_MAX
from annotary.projects.service import read_project
from annotary.quality.agreement import rules, store
from annotary.quality.agreement.messages import By, EstimateRequest, GroupEstimate
from annotary.quality.agreement.values_project import (
    AgreementGroup,
    AgreementView,
    AnnotatorName,
    MeasureView,
)
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess


class Estimates:
    """Makes measures of sums, one request at a time: resampling here would hold up every label."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()

    async def of(self, request: EstimateRequest) -> list[GroupEstimate]:
        """Return the measures; raises Unavailable where they take too long."""
        async with self._one:
            process = MergeProcess()
            try:
                reply = await process.estimate(request)
            except MergeStopped as error:
                raise Unavailable(f"Agreement could not be computed: {error.detail}") from None
            finally:
                await process.stop()
        if reply.blocked:
            raise Unavailable(f"Agreement could not be computed: {reply.blocked}")
        return reply.groups


async def read_agreement(
    database: Database, estimates: Estimates, caller: Caller, project_id: UUID, by: str, measure: str | None
) -> AgreementView:
    """Return how far a project's annotators agree. For its reviewers and managers."""
    asked = rules.check_asked(by, measure)
    async with database.connection() as uow:
        await read_project(uow, caller, project_id, Role.REVIEWER)
        state = await store.open_tasks(uow, project_id)
        cells = await store.cells(uow, project_id, asked)
    if cells is None:
        raise TooLarge(
            f"by: found more than {AGREEMENT_CELLS_MAX:,} sums, expected fewer. Ask by none, or by pair."
        )
    request = EstimateRequest(
        by=asked,
        rows=cells.rows,
        measure=measure or "",
        replicates=AGREEMENT_REPLICATES,
        seconds_max=AGREEMENT_SECONDS_MAX,
    )
    groups = await estimates.of(request)
    names = await _names(database, groups) if asked == "pair" else {}
    shown = [_group(one, asked, names) for one in groups]
    return AgreementView(
        project=format_id("project", project_id),
        by=asked,
        groups=shown,
        groups_total=len(shown) if asked == "label" else cells.groups_total,
        waiting=state["waiting"],
        failed=state["failed"],
    )


async def _names(database: Database, groups: Sequence[GroupEstimate]) -> dict[UUID, str]:
    wanted = sorted({UUID(member) for one in groups for member in one.key})
    async with database.connection() as uow:
        return await store.names(uow, wanted)


def _group(one: GroupEstimate, by: By, names: Mapping[UUID, str]) -> AgreementGroup:
    return AgreementGroup(
        tool=one.tool,
        label=one.label or None,
        annotators=[_annotator(UUID(member), names) for member in one.key] if by == "pair" else None,
        batch=format_id("batch", UUID(one.key[0])) if by == "batch" else None,
        week=date.fromisoformat(one.key[0]) if by == "week" else None,
        tasks=one.tasks,
        measures={name: MeasureView(*found) for name, found in one.measures.items()},
    )


def _annotator(member: UUID, names: Mapping[UUID, str]) -> AnnotatorName:
    return AnnotatorName(format_id("member", member), names.get(member))
