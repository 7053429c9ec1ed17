"""A project's instructions: every publication is a new version, and none is ever changed."""

from __future__ import annotations

from uuid import UUID

from blake3 import blake3

from annotary.eventlog import fact, record
from annotary.identity.values import Caller
from annotary.infra.http import Page, encode_token, page_limit
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import one, token_number
from annotary.kernel import limits
from annotary.projects.store import QUERIES, instructions_view, project_fact
from annotary.projects.values import InstructionsView


async def publish(uow: UnitOfWork, caller: Caller, project_id: UUID, body: str) -> InstructionsView:
    """Publish the next version; the caller holds the project and was checked."""
    row = await one(uow, QUERIES.add_instructions, project_id, body, caller.member_id)
    project = await one(uow, QUERIES.count_instructions, project_id, row["version"])
    content_hash = blake3(body.encode()).hexdigest()
    told, by = {"instructions_version": row["version"], "content_hash": content_hash}, caller.member_id
    await record(
        uow, fact("instructions.published", project, by, told), project_fact("project.changed", project, by)
    )
    return instructions_view(row)


async def list_instructions(
    uow: UnitOfWork, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[InstructionsView]:
    """Return the versions of a project's instructions, newest first; the caller was checked."""
    length = min(page_limit(limit), limits.INSTRUCTIONS_PER_PAGE_MAX)
    rows = await uow.fetch(QUERIES.instructions_page, token_number(next_token), length + 1, project_id)
    shown = rows[:length]
    following = encode_token(str(shown[-1]["version"])) if len(rows) > length else None
    return Page([instructions_view(row) for row in shown], following)
