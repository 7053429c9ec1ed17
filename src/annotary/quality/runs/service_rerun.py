"""Finding a project's outcomes anew: where the answer or the class of its confidence changes, a new version
is written beside the old.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.kernel.limits import MERGES_PER_ROUND_MAX, REFRESH_SECONDS_MAX, RUN_TASKS_PER_PAGE_MAX
from annotary.modalities.answers import compile_ontology
from annotary.quality import rules as consensus
from annotary.quality import store as consensus_store
from annotary.quality.errors import MergeStopped
from annotary.quality.live import store as live_store
from annotary.quality.live.classes import class_tool
from annotary.quality.live.service import known_class, told
from annotary.quality.live.values import ClassAnswer
from annotary.quality.merge_process import MergeProcess
from annotary.quality.merging import MergeReply, MergeRequest
from annotary.quality.runs import rules, store
from annotary.quality.runs.errors import RunBlocked
from annotary.quality.runs.service_revert import Tell
from annotary.quality.runs.values import Current, Run, Summary
from annotary.quality.service import write
from annotary.quality.skill import store as skill_store
from annotary.quality.values import NewOutcome, OntologyVersion

if TYPE_CHECKING:
    from annotary.quality.live.project import LiveProject, Reading


class Found(NamedTuple):
    """What an aggregator found: for each task by number its class (empty: none) and how sure it is."""

    project: LiveProject
    reading: Reading
    keys: Sequence[str]
    confidences: Sequence[float]
    parameters: bytes


class Rerun:
    """One run over the outcomes of a project."""

    def __init__(
        self, database: Database, modality: str, run: Run, process: MergeProcess, tell: Tell
    ) -> None:
        self._database, self._modality, self._run = database, modality, run
        self._process, self._tell = process, tell
        self._versions: dict[UUID, OntologyVersion] = {}
        self.summary = Summary()

    async def do(self) -> Summary:
        """Do the run; raises RunBlocked where the aggregator finds nothing, MergeStopped past its time."""
        project_id = self._run.project_id
        found = await self._aggregated()
        total = int(await self._database.pool.fetchval(store.QUERIES.count_current, project_id))
        page_length = RUN_TASKS_PER_PAGE_MAX if found else MERGES_PER_ROUND_MAX
        async for page in store.current_pages(self._database, project_id, page_length):
            await self._know_versions(page)
            changed = [(one, await self._new(one, found)) for one in page if self._may_change(one)]
            await self._write([(one, new) for one, new in changed if new is not None])
            self.summary.looked_at += len(page)
            await self._tell(self.summary, total)
        return self.summary

    async def _aggregated(self) -> Found | None:
        """Return what the aggregator says of the whole project; None where its answers are no classes."""
        row = await self._database.fetchrow(store.QUERIES.project, self._run.project_id)
        read = await live_store.definition(self._database, row["ontology_version_id"]) if row else None
        tool = class_tool(read.definition) if read else None
        if read is None or tool is None:
            self.summary.method_used = consensus.MAJORITY
            return None
        from annotary.quality.live.project import LiveProject, Reading

        validator = compile_ontology(read.modality, read.definition, read.content_hash)
        project, reading = LiveProject(tool, validator, (), self._run.aggregator), Reading()
        async for page in live_store.every_answer(self._database, self._run.project_id):
            project.take(reading, told(project, page))
        if not self._run.parameters.gold:
            reading.gold.clear()
        if not reading.answers:
            return Found(project, reading, (), (), b"{}")
        request = project.request(reading, self._run.aggregator, REFRESH_SECONDS_MAX, whole=False)
        reply = await self._process.aggregate(request)
        if reply.blocked:
            raise RunBlocked(reply.blocked)
        self.summary.method_used = reply.method_used
        keys, confidences = project.labels(reading, reply)
        return Found(project, reading, keys, confidences, reply.parameters)

    def _may_change(self, one: Current) -> bool:
        if rules.is_reviewed(one.aggregator, one.accepted_by):
            self.summary.reviewed += 1
            return False
        if one.submission_ids != one.counted_ids:
            self.summary.moved += 1
            return False
        return True

    async def _new(self, one: Current, found: Found | None) -> NewOutcome | None:
        """Return the next version of an outcome; None where it stays as it is."""
        new = await (self._merged(one) if found is None else self._relabelled(one, found))
        if new is None:
            return None
        if new.content_hash == one.content_hash and not rules.confidence_changes(
            one.confidence, new.confidence
        ):
            return None
        return new

    async def _relabelled(self, one: Current, found: Found) -> NewOutcome | None:
        project = found.project
        given = [known_class(project, answer) for answer in one.counted_answers]
        task = project.tasks.get(one.task_id)
        if None in given or task is None or task >= len(found.keys) or not found.keys[task]:
            return None
        classes = [
            ClassAnswer(member, key or "") for member, key in zip(one.counted_members, given, strict=True)
        ]
        if project.codes(classes) != found.reading.codes[task]:
            self.summary.moved += 1
            return None
        key = found.keys[task]
        answer = await self._answer_of(
            one, key, [place for place, one_key in enumerate(given) if one_key == key], project
        )
        if answer is None:
            return None
        return replace(
            answer,
            aggregator=self._run.aggregator,
            parameters=found.parameters,
            confidence=found.confidences[task],
            agreement=project.agreement([one_key for one_key in given if one_key]),
        )

    async def _answer_of(
        self, one: Current, key: str, group: Sequence[int], project: LiveProject
    ) -> NewOutcome | None:
        """Return the outcome with an answer of this class: as it is, as one gave it, or merged of all."""
        if known_class(project, one.answer) == key:
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

    async def _merged(self, one: Current) -> NewOutcome | None:
        if len(one.counted_answers) < 2:
            return None
        async with self._database.connection() as uow:
            votes = await skill_store.weights(uow, self._run.project_id, one.counted_members)
        weights = [votes[member] for member in one.counted_members]
        new = await self._merge(one, one.counted_answers, weights)
        return None if new is None else replace(new, parameters=msgspec.json.encode({"weights": weights}))

    async def _merge(
        self, one: Current, answers: Sequence[str], weights: list[float] | None = None
    ) -> NewOutcome | None:
        version = consensus.newest(
            [self._versions[id] for id in one.counted_versions if id in self._versions]
        )
        if version is None:
            return None
        request = MergeRequest(
            modality=self._modality,
            definition=version.definition.encode(),
            definition_hash=version.content_hash,
            item=one.payload.encode(),
            answers=[answer.encode() for answer in answers],
            weights=weights,
            seconds_max=consensus.seconds_for(0),
        )
        try:
            reply = await self._process.merge(request)
        except MergeStopped as error:
            reply = MergeReply(blocked=error.detail)
        if reply.blocked:
            self.summary.stuck += 1
            return None
        outcome = self._outcome(one, reply.answer, reply.content_hash, version.id)
        return replace(outcome, confidence=reply.confidence, agreement=reply.agreement)

    def _outcome(self, one: Current, answer: bytes, content_hash: bytes, version_id: UUID) -> NewOutcome:
        return NewOutcome(
            id=new_id(),
            task_id=one.task_id,
            project_id=self._run.project_id,
            organisation_id=one.organisation_id,
            state=one.state,
            answer=answer,
            content_hash=content_hash,
            ontology_version_id=version_id,
            aggregator=consensus.MAJORITY,
            run_id=self._run.id,
            confidence=one.confidence,
            agreement=one.agreement,
            submission_ids=one.submission_ids,
        )

    async def _write(self, changed: Sequence[tuple[Current, NewOutcome]]) -> None:
        """Write new versions of the outcomes that are still as they were read."""
        if not changed:
            return
        async with self._database.transaction() as uow:
            await consensus_store.hold_outcomes(uow)
            held = await store.still_current(uow, [one.id for one, _ in changed])
            kept = [(one, new) for one, new in changed if one.id in held]
            await write(uow, [new for _, new in kept], [new.task_id for _, new in kept])
        self.summary.moved += len(changed) - len(kept)
        for one, new in kept:
            if one.content_hash != new.content_hash:
                self.summary.answers += 1
            else:
                self.summary.confidences += 1

    async def _know_versions(self, page: Sequence[Current]) -> None:
        wanted = {version for one in page for version in one.counted_versions} - self._versions.keys()
        if wanted:
            self._versions |= await consensus_store.ontology_versions(self._database, sorted(wanted))
