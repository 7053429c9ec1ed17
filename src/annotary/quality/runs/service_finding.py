"""What an aggregator says of outcomes, one after another: here, what the votes for each task come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.kernel.limits import MERGES_PER_ROUND_MAX
from annotary.quality import rules as consensus
from annotary.quality import store as consensus_store
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from annotary.quality.merging import MergeReply
from annotary.quality.runs.values import Current, Run, Summary
from annotary.quality.service_merges import merge_request
from annotary.quality.skill import store as skill_store
from annotary.quality.spans.messages import FoundSpans
from annotary.quality.values import NewOutcome, OntologyVersion


class Work(NamedTuple):
    """What a run works with; the summary counts what becomes of the outcomes."""

    database: Database
    modality: str
    run: Run
    process: MergeProcess
    summary: Summary


class Votes:
    """Merges each task's answers, weighed by the skill of their authors."""

    tasks_per_page = MERGES_PER_ROUND_MAX

    def __init__(self, work: Work) -> None:
        self._work = work
        self._versions: dict[UUID, OntologyVersion] = {}

    async def know(self, page: Sequence[Current]) -> None:
        """Look up what the outcomes of a page need."""
        wanted = {version for one in page for version in one.counted_versions} - self._versions.keys()
        if wanted:
            self._versions |= await consensus_store.ontology_versions(self._work.database, sorted(wanted))

    async def new(self, one: Current) -> NewOutcome | None:
        """Return what an outcome ought to be; None where nothing is found, which the summary has counted."""
        if len(one.counted_answers) < 2:
            return None
        async with self._work.database.connection() as uow:
            votes = await skill_store.weights(uow, self._work.run.project_id, one.counted_members)
        weights = [votes[member] for member in one.counted_members]
        new = await self._merge(one, one.counted_answers, weights)
        return None if new is None else replace(new, parameters=msgspec.json.encode({"weights": weights}))

    async def _merge(
        self,
        one: Current,
        answers: Sequence[str],
        weights: list[float] | None = None,
        spans: FoundSpans | None = None,
    ) -> NewOutcome | None:
        version = consensus.newest(
            [self._versions[id] for id in one.counted_versions if id in self._versions]
        )
        if version is None:
            return None
        request = merge_request(
            *(self._work.modality, version, one.payload, answers, consensus.seconds_for(0)),
            weights=weights,
            spans=spans,
        )
        try:
            reply = await self._work.process.merge(request)
        except MergeStopped as error:
            reply = MergeReply(blocked=error.detail)
        if reply.blocked:
            self._work.summary.stuck += 1
            return None
        return replace(
            self._outcome(one, reply.answer, reply.content_hash, version.id),
            confidence=reply.confidence,
            agreement=reply.agreement,
            confidences=reply.confidences,
        )

    def _outcome(self, one: Current, answer: bytes, content_hash: bytes, version_id: UUID) -> NewOutcome:
        return NewOutcome(
            id=new_id(),
            task_id=one.task_id,
            project_id=self._work.run.project_id,
            organisation_id=one.organisation_id,
            state=one.state,
            answer=answer,
            content_hash=content_hash,
            ontology_version_id=version_id,
            aggregator=consensus.MAJORITY,
            run_id=self._work.run.id,
            confidence=one.confidence,
            agreement=one.agreement,
            submission_ids=one.submission_ids,
        )
