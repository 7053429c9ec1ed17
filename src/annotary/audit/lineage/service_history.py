"""The history of a task's outcome: its versions, who or what made each, and what changed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary.audit.lineage import store
from annotary.audit.lineage.rules import Fields
from annotary.audit.lineage.rules_steps import names_shown
from annotary.audit.lineage.service import sight_of
from annotary.audit.lineage.values import History, Sight, VersionView
from annotary.identity.values import Caller
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id, outside_id
from annotary.kernel.limits import HISTORY_VERSIONS_MAX
from annotary.quality.errors import UnknownOutcome
from annotary.review.rules_diff import diff

_decode = msgspec.json.Decoder().decode


async def read_history(database: Database, caller: Caller, task_id: UUID) -> History:
    """Return the newest versions of a task's outcome. For reviewers and managers."""
    async with database.transaction() as uow:
        place = await store.task_place(uow, task_id)
        if place is None:
            raise UnknownOutcome
        sight = sight_of(caller, place)
        # One more than is shown: the last one shown is compared with it.
        rows = await store.versions(uow, place, HISTORY_VERSIONS_MAX + 1)
        deciders = {row["accepted_by"] for row in rows if row["accepted_by"] and _may_know(sight, row)}
        people = names_shown(await store.names(uow, deciders))
    befores: Sequence[Fields | None] = [None, *rows]
    versions = [_view(row, before, sight) for before, row in zip(befores, rows, strict=False)]
    return History(format_id("task", task_id), versions[::-1][:HISTORY_VERSIONS_MAX], people)


def _view(row: Fields, before: Fields | None, sight: Sight) -> VersionView:
    return VersionView(
        id=format_id("outcome", row["id"]),
        version=row["version"],
        state=row["state"],
        is_current=row["superseded_at"] is None,
        made_by="revert" if row["reverts"] else row["aggregator"],
        member=outside_id("member", row["accepted_by"] if _may_know(sight, row) else None),
        reverts=outside_id("outcome", row["reverts"]),
        confidence=row["confidence"],
        content_hash=row["content_hash"].hex(),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        answer=msgspec.Raw(row["answer"].encode()),
        diff=diff(_decode(before["answer"]), _decode(row["answer"])) if before else None,
        created_at=row["created_at"],
        superseded_at=row["superseded_at"],
    )


def _may_know(sight: Sight, row: Fields) -> bool:
    return sight.is_open or row["accepted_by"] == sight.member_id
