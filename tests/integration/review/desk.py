"""A project whose outcomes are reviewed, over a real database: what tests of review drive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from annotary.eventlog.consumer import consume_once
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Row
from annotary.kernel.ids import new_id
from annotary.quality.jobs import consensus_consumer
from annotary.review import service
from annotary.review.jobs import reviews_consumer
from annotary.review.service_verdicts import give_verdict
from annotary.review.values import NewRemark, VerdictRequest, VerdictTaken
from integration.dispatch.work import ORGANISATION, Work

LABELS = ("yes", "no")


class Desk:
    """One project, its people, and the verbs of review as the HTTP edge calls them."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.consumer = consensus_consumer(work.database)

    @classmethod
    async def start(cls, url: str, levels: int = 1, rework_by: str = "same", policy: str = "all") -> Desk:
        """Make a project with this policy."""
        desk = cls(await Work.start(url))
        quality = {"review": {"policy": policy, "levels": levels, "rework_by": rework_by}}
        await desk.work.database.execute(
            "UPDATE projects SET quality = $2 WHERE id = $1",
            desk.work.project,
            msgspec.json.encode(quality).decode(),
        )
        return desk

    async def hire(self, role: str = "reviewer") -> Caller:
        """Put a member on the project."""
        member = new_id()
        await self.work.database.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', 'annotator')",
            *(member, ORGANISATION),
        )
        await self.work.database.execute(
            "INSERT INTO project_members (project_id, member_id, organisation_id, role)"
            " VALUES ($1, $2, $3, $4)",
            *(self.work.project, member, ORGANISATION, role),
        )
        on = {self.work.project: Role.of(role)}
        return Caller(member, ORGANISATION, Role.ANNOTATOR, role, on)

    async def answered(self, who: Caller, count: int = 1, label: str = "yes") -> list[UUID]:
        """Add tasks, have one member answer them, let consensus and review take note; returns the tasks."""
        tasks = await self.work.add_tasks(count)
        for lease in await self.work.claim(who, count):
            await self.work.submit(who, lease, answer=answer_of(label))
        await self.follow()
        return tasks

    async def follow(self) -> None:
        """Let the consumers catch up."""
        while await self.consensus():
            pass
        while await consume_once(reviews_consumer(self.work.database)):
            pass

    async def consensus(self) -> int:
        """Let consensus take note of a few things."""
        return await consume_once(self.consumer)

    async def claim(self, who: Caller, count: int = 1) -> list[Row]:
        """Lease reviews."""
        database = self.work.database
        projects = await service.reviewed_projects(database, who, None)
        async with database.transaction() as uow:
            rows, _ = await service.claim(uow, who, projects, count)
        return rows

    async def decide(
        self, who: Caller, review: Row, verdict: str, answer: bytes | None = None, **more: Any
    ) -> VerdictTaken:
        """Give a verdict."""
        fence = more.pop("fence", review["fence"])
        issues = [NewRemark(text) for text in more.pop("issues", ())]
        given = {} if answer is None else {"answer": msgspec.Raw(answer)}
        asked = VerdictRequest(fence, verdict, **given, issues=issues, **more)  # type: ignore[arg-type]
        async with self.work.database.transaction() as uow:
            return await give_verdict(uow, who, review["id"], asked)

    async def outcome(self, task: UUID) -> Row | None:
        """Return a task's current outcome."""
        return await self.work.database.fetchrow(
            "SELECT * FROM outcomes WHERE task_id = $1 AND superseded_at IS NULL", task
        )


def answer_of(label: str) -> bytes:
    """Return an answer."""
    return b'{"classification":[{"label":"%s"}]}' % label.encode()
