"""The live models of one modality, in the memory of its worker: made from the database when first wanted,
kept within a bound of memory, refreshed by the projects' aggregators in the bounded process.

What a model holds can be lost at any time: it is read again. Another worker's answers that this one has not
seen are learned with the next refresh, which reads the whole project.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import structlog

from annotary.infra.postgres import Database
from annotary.kernel.limits import (
    COMPILED_ONTOLOGIES_KEPT_MAX,
    LIVE_BYTES_MAX,
    LIVE_CLASSES_MAX,
    LIVE_RETRY_SECONDS,
    REFRESH_SECONDS_MAX,
)
from annotary.modalities.answers import compile_ontology
from annotary.quality.live import rules, store
from annotary.quality.live.classes import NotAClass, class_tool, foreseen
from annotary.quality.live.store import AnsweredTask, DefinitionRow
from annotary.quality.live.values import ClassAnswer, TaskAnswers
from annotary.quality.merge_process import MergeProcess
from annotary.quality.values import Terms

if TYPE_CHECKING:  # with numpy and its memory: imported when the first project of classes is seen
    from annotary.quality.live.project import LiveProject, Reading

log = structlog.get_logger(__name__)


class TooLarge(Exception):
    """The project has more answers or classes than a live model may hold."""


class LiveModels:
    """The live models of one modality."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._definitions: OrderedDict[UUID, DefinitionRow | None] = OrderedDict()
        self._kept: OrderedDict[UUID, LiveProject] = OrderedDict()
        self._refused_until: dict[UUID, float] = {}
        self._refreshed: dict[UUID, tuple[int | None, float, float]] = {}

    async def project(self, terms: Terms) -> LiveProject | None:
        """Return the live model of a project; None where its answers are not classes, or are too many."""
        read = await self._definition(terms.ontology_version_id)
        tool = class_tool(read.definition) if read else None
        kept = self._kept.get(terms.project_id)
        if read is None or tool is None:
            self.forget(terms.project_id)
            return None
        if kept is not None and kept.ontology_version_id == terms.ontology_version_id:
            kept.aggregator = terms.quality.aggregator
            self._kept.move_to_end(terms.project_id)
            return kept
        if time.monotonic() < self._refused_until.get(terms.project_id, 0.0):
            return None
        return await self._load(terms, tool, read)

    async def refresh_due(self) -> UUID | None:
        """Return a project whose refresh is worth its price."""
        now = time.monotonic()
        for project_id, project in self._kept.items():
            at, since, took = self._refreshed.get(project_id, (None, 0.0, 0.0))
            if rules.refresh_due(project.model.answered, at, now - since, took):
                return project_id
        return None

    async def refresh(self, project_id: UUID, process: MergeProcess) -> None:
        """Have a project aggregated as a whole, and take over what is found; what comes meanwhile stays.

        Raises MergeStopped when it takes too long; the model goes on as it is.
        """
        project = self._kept.get(project_id)
        if project is None:
            return
        began = time.monotonic()
        answers = project.model.answered
        try:
            reading = await self._read(project_id, project, store.several_answers(self._database, project_id))
            if reading.answers:
                request = project.request(reading, project.aggregator, REFRESH_SECONDS_MAX)
                reply = await process.aggregate(request)
                if reply.blocked:
                    log.warning("refresh blocked", project=str(project_id), reason=reply.blocked)
                elif self._kept.get(project_id) is project:
                    project.install(reading, project.posterior(reading, reply), reply.method_used)
        finally:
            now = time.monotonic()
            self._refreshed[project_id] = (answers, now, now - began)
        self._make_room(project_id)

    async def _load(self, terms: Terms, tool: str, read: DefinitionRow) -> LiveProject | None:
        from annotary.quality.live.project import LiveProject

        project_id = terms.project_id
        validator = compile_ontology(read.modality, read.definition, read.content_hash)
        classes = foreseen(read.definition, tool)
        project = LiveProject(tool, validator, classes, terms.quality.aggregator)
        project.ontology_version_id = terms.ontology_version_id
        try:
            reading = await self._read(project_id, project, store.several_answers(self._database, project_id))
        except TooLarge:
            log.warning("too large for a live model", project=str(project_id))
            self._refused_until[project_id] = time.monotonic() + LIVE_RETRY_SECONDS
            return None
        posterior = await asyncio.to_thread(project.first_fit, reading)
        project.install(reading, posterior, "hierarchical")
        self.forget(project_id)
        self._kept[project_id] = project
        self._make_room(project_id)
        return project

    async def _read(
        self, project_id: UUID, project: LiveProject, pages: AsyncIterator[list[AnsweredTask]]
    ) -> Reading:
        """Read a whole project; raises TooLarge past what one model may hold."""
        from annotary.quality.live.project import Reading

        reading = Reading()
        project.begin()
        async for page in pages:
            project.take(reading, told(project, page))
            if project.would_need_bytes(reading) > LIVE_BYTES_MAX or len(project.classes) > LIVE_CLASSES_MAX:
                self.forget(project_id)
                raise TooLarge
            await asyncio.sleep(0)
        return reading

    async def _definition(self, version_id: UUID) -> DefinitionRow | None:
        if version_id not in self._definitions:
            if len(self._definitions) >= COMPILED_ONTOLOGIES_KEPT_MAX:
                self._definitions.popitem(last=False)
            self._definitions[version_id] = await store.definition(self._database, version_id)
        return self._definitions[version_id]

    def forget(self, project_id: UUID) -> None:
        """Let a model go; it is made anew when it is wanted."""
        self._kept.pop(project_id, None)
        self._refreshed.pop(project_id, None)

    def _make_room(self, wanted: UUID) -> None:
        """Put the least used models away until the rest fits into the memory there is for them."""
        while len(self._kept) > 1 and self.size_bytes() > LIVE_BYTES_MAX:
            away = next(project_id for project_id in self._kept if project_id != wanted)
            log.info("a live model is put away", project=str(away))
            self.forget(away)

    def size_bytes(self) -> int:
        """Return about how much memory the models hold."""
        return sum(project.size_bytes() for project in self._kept.values())


def told(project: LiveProject, tasks: Iterable[AnsweredTask]) -> dict[UUID, TaskAnswers]:
    """Return what tasks tell a model; answers that are no classes are left out."""
    found = {}
    for task in tasks:
        given = []
        for member_id, answer in zip(task.member_ids, task.answers, strict=True):
            key = known_class(project, answer)
            if key is not None:
                given.append(ClassAnswer(member_id, key))
        gold = known_class(project, task.gold) if task.gold else None
        found[task.task_id] = TaskAnswers(given, gold or None)
    return found


def known_class(project: LiveProject, answer: str) -> str | None:
    """Return the class of an answer; None where it is none."""
    try:
        return project.read(answer)
    except (NotAClass, KeyError, IndexError, TypeError, msgspec.MsgspecError):
        return None
