"""What an aggregator of classes says of a whole project's outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from annotary.kernel.limits import REFRESH_SECONDS_MAX, RUN_TASKS_PER_PAGE_MAX
from annotary.modalities.answers import compile_ontology
from annotary.quality.live import store as live_store
from annotary.quality.live.project import LiveProject, Reading
from annotary.quality.live.service import known_class, told
from annotary.quality.live.store import DefinitionRow
from annotary.quality.live.values import ClassAnswer
from annotary.quality.runs.errors import RunBlocked
from annotary.quality.runs.service_finding import Votes, Work
from annotary.quality.runs.values import Current
from annotary.quality.values import NewOutcome


class Found(NamedTuple):
    """What an aggregator found: for each task by number its class (empty: none) and how sure it is."""

    keys: Sequence[str] = ()
    confidences: Sequence[float] = ()
    parameters: bytes = b"{}"


class Classes(Votes):
    """Gives each task the class that the aggregator found for it."""

    tasks_per_page = RUN_TASKS_PER_PAGE_MAX

    def __init__(self, work: Work, project: LiveProject, reading: Reading, found: Found) -> None:
        super().__init__(work)
        self._project, self._reading, self._found = project, reading, found

    @classmethod
    async def of(cls, work: Work, read: DefinitionRow, tool: str) -> Classes:
        """Aggregate the project; raises RunBlocked where nothing is found, MergeStopped past its time."""
        validator = compile_ontology(read.modality, read.definition, read.content_hash)
        project, reading = LiveProject(tool, validator, (), work.run.aggregator), Reading()
        async for page in live_store.every_answer(work.database, work.run.project_id):
            project.take(reading, told(project, page))
        if not work.run.parameters.gold:
            reading.gold.clear()
        if not reading.answers:
            return cls(work, project, reading, Found())
        request = project.request(reading, work.run.aggregator, REFRESH_SECONDS_MAX, whole=False)
        reply = await work.process.aggregate(request)
        if reply.blocked:
            raise RunBlocked(reply.blocked)
        work.summary.method_used = reply.method_used
        return cls(work, project, reading, Found(*project.labels(reading, reply), reply.parameters))

    async def new(self, one: Current) -> NewOutcome | None:
        """Return an outcome of the class that was found; None where none was, or the answers have moved."""
        project, found = self._project, self._found
        given = [known_class(project, answer) for answer in one.counted_answers]
        task = project.tasks.get(one.task_id)
        if None in given or task is None or task >= len(found.keys) or not found.keys[task]:
            return None
        classes = [
            ClassAnswer(member, key or "") for member, key in zip(one.counted_members, given, strict=True)
        ]
        if project.codes(classes) != self._reading.codes[task]:
            self._work.summary.moved += 1
            return None
        key = found.keys[task]
        new = await self._with_answer(one, key, [place for place, its in enumerate(given) if its == key])
        if new is None:
            return None
        return replace(
            new,
            aggregator=self._work.run.aggregator,
            parameters=found.parameters,
            confidence=found.confidences[task],
            agreement=project.agreement([its for its in given if its]),
            confidences=b"",
        )

    async def _with_answer(self, one: Current, key: str, group: Sequence[int]) -> NewOutcome | None:
        """Return the outcome with an answer of this class: as it is, as one gave it, or merged of all."""
        if known_class(self._project, one.answer) == key:
            return self._outcome(one, one.answer.encode(), one.content_hash, one.ontology_version_id)
        same = {one.counted_hashes[place] for place in group}
        if len(same) == 1 and len(set(one.counted_versions)) == 1:
            place = group[0]
            return self._outcome(
                one,
                one.counted_answers[place].encode(),
                one.counted_hashes[place],
                one.counted_versions[place],
            )
        return await self._merge(one, [one.counted_answers[place] for place in group] or [key])
