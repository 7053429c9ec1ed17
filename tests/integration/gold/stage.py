"""A project of texts with known answers, people who answer, and the background work, step by step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.dispatch.values import Lease
from annotary.eventlog.consumer import consume_once
from annotary.identity.values import Caller
from annotary.kernel.ids import format_id
from annotary.projects.quality import QualitySettings, quality_columns
from annotary.quality.gold import service, service_upkeep
from annotary.quality.gold.jobs import gold_consumer, keep_once, work_once
from annotary.quality.gold.values import GoldMade, NewGold, NewGoldSet
from annotary.quality.merge_process import MergeProcess
from annotary.quality.skill.jobs import skill_consumer
from integration.dispatch.work import NO, YES, Work, member

MANAGER = member()


class Stage:
    """The service over one project, and its background work done when told."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.process = MergeProcess()

    async def ask(self, **quality: Any) -> None:
        """Give the project quality settings."""
        settings = msgspec.convert(quality, QualitySettings)
        await self.work.database.execute(
            "UPDATE projects SET quality = $2, gold_first = $3, entry = $4 WHERE id = $1",
            self.work.project,
            *quality_columns(settings),
        )

    async def gold(
        self, count: int, *, answer: bytes = YES, qualification: bool = False, tasks: Sequence[uuid.UUID] = ()
    ) -> list[uuid.UUID]:
        """Make gold of new tasks, or of these."""
        chosen = list(tasks) or await self.work.add_tasks(count)
        await self.make(
            [
                NewGold(task=format_id("task", task), answer=msgspec.Raw(answer), qualification=qualification)
                for task in chosen
            ]
        )
        return chosen

    async def make(self, gold: list[NewGold]) -> GoldMade:
        """Make gold as a manager does."""
        asked = NewGoldSet(project=format_id("project", self.work.project), gold=gold)
        async with self.work.database.transaction() as uow:
            return await service.add_gold(uow, MANAGER, asked)

    async def act(self, action: service_upkeep.Action, *tasks: uuid.UUID) -> int:
        """Retire, reinstate or turn back gold as a manager does."""
        async with self.work.database.transaction() as uow:
            return (await service_upkeep.change_gold(uow, MANAGER, action, tasks, "")).changed

    async def answer(self, who: Caller, lease: Lease, answer: bytes = YES) -> uuid.UUID:
        """Answer a task."""
        return (await self.work.submit(who, lease, answer=answer)).submission_id

    async def work_on(self, who: Caller, tasks: int, answer: bytes = YES) -> list[Lease]:
        """Claim and answer so many tasks, one after another, as they come."""
        done = []
        for _ in range(tasks):
            for lease in await self.work.claim(who):
                await self.answer(who, lease, answer)
                done.append(lease)
        return done

    async def catch_up(self) -> None:
        """Let the background do all there is to do, but the upkeep."""
        database = self.work.database
        while (
            await consume_once(gold_consumer(database))
            + await consume_once(skill_consumer(database))
            + await work_once(database, "text", self.process)
        ):
            pass

    async def keep(self) -> None:
        """Let the background keep gold."""
        await keep_once(self.work.database)
        await self.catch_up()

    async def annotator(self, who: Caller) -> dict[str, Any]:
        """Return how somebody stands; empty without a row."""
        rows = await self.work.rows("SELECT * FROM annotators WHERE member_id = $1", who.member_id)
        return dict(rows[0]) if rows else {}

    async def facts(self, prefix: str) -> list[Any]:
        """Return the events of a kind, in the order of the log."""
        return list(
            await self.work.rows(
                "SELECT type, subject_id, actor_id, data::text AS data FROM events WHERE type LIKE $1 || '%'"
                " ORDER BY sequence",
                prefix,
            )
        )


__all__ = ["MANAGER", "NO", "YES", "Stage", "member"]
