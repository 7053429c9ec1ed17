"""One merge: answers of a task that differ become one, in a bounded time, in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec
import structlog
from msgspec.structs import replace

from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.quality import rules
from annotary.quality.errors import MergeStopped
from annotary.quality.live.service import known_class
from annotary.quality.live.values import ClassAnswer, Judgement
from annotary.quality.merge_process import MergeProcess
from annotary.quality.merging import MergeReply, MergeRequest
from annotary.quality.overlap.values import Asked
from annotary.quality.skill import store as skill_store
from annotary.quality.spans.messages import FoundSpans
from annotary.quality.values import DueMerge, MergeInput, MergeResult, NewOutcome, OntologyVersion, Terms

if TYPE_CHECKING:
    from annotary.quality.live.project import LiveProject

log = structlog.get_logger(__name__)


class Voters(NamedTuple):
    """Who counts how much: by the live model of a project of classes, else by each one's weight."""

    model: LiveProject | None
    weights: Mapping[UUID, float]


async def vote_weights(database: Database, found: MergeInput) -> dict[UUID, float]:
    """Return how many votes the authors of a task's answers have, by their skill."""
    async with database.connection() as uow:
        return await skill_store.weights(uow, found.project_id, found.member_ids)


async def merge_task(
    due: DueMerge,
    found: MergeInput,
    versions: Mapping[UUID, OntologyVersion],
    modality: str,
    process: MergeProcess,
    terms: Terms,
    voters: Voters,
) -> MergeResult:
    """Merge the answers of a task. Of a project of classes: those that give the class of the live model."""
    model = voters.model
    version = rules.newest([versions[id] for id in found.ontology_version_ids if id in versions])
    if version is None:
        return _blocked(due, found, "The ontology versions of the answers are not known here.")
    classes = None if model is None else _classes(model, found)
    judgement = None if model is None or classes is None else model.judge(found.task_id, classes)
    answers = found.answers
    weights: list[float] | None = [voters.weights[member] for member in found.member_ids]
    if judgement is not None and classes is not None:
        answers, weights = _of_class(found, classes, judgement.key), None
    try:
        reply = await process.merge(_request(due, found, answers, weights, version, modality))
        if reply.blocked and model and judgement and classes and judgement.key not in _given(classes):
            # A class that nobody gave may want attributes that nobody gave either.
            judgement = model.best_of(judgement, _given(classes))
            answers = _of_class(found, classes, judgement.key)
            reply = await process.merge(_request(due, found, answers, None, version, modality))
    except MergeStopped as error:
        log.warning("merge stopped", task=str(due.task_id), attempt=due.attempts + 1, reason=error.detail)
        if not rules.is_last(due.attempts):
            return MergeResult(due=due, ended="again")
        reply = MergeReply(blocked=error.detail)
    if reply.blocked:
        return _blocked(due, found, reply.blocked)
    outcome = _outcome(found, version, reply, terms, weights)
    if model is not None and classes is not None and judgement is not None:
        outcome = _judged(outcome, model, classes, judgement)
        return MergeResult(due=due, ended="merged", outcome=outcome)
    asked = Asked(reply.confidence, len(found.submission_ids))
    return MergeResult(due=due, ended="merged", outcome=outcome, candidate=rules.candidate(found, asked))


def _given(classes: list[ClassAnswer]) -> set[str]:
    return {one.key for one in classes if one.key}


def _of_class(found: MergeInput, classes: list[ClassAnswer], key: str) -> list[str]:
    """Return the answers that give a class; where nobody does, the shortest that would."""
    return [answer for answer, one in zip(found.answers, classes, strict=True) if one.key == key] or [key]


def _classes(model: LiveProject, found: MergeInput) -> list[ClassAnswer] | None:
    keys = [known_class(model, answer) for answer in found.answers]
    if None in keys:
        return None
    return [ClassAnswer(member, key or "") for member, key in zip(found.member_ids, keys, strict=True)]


def _request(
    due: DueMerge,
    found: MergeInput,
    answers: list[str],
    weights: list[float] | None,
    version: OntologyVersion,
    modality: str,
) -> MergeRequest:
    seconds_max = rules.seconds_for(due.attempts)
    return merge_request(modality, version, found.payload, answers, seconds_max, weights=weights)


def merge_request(
    modality: str,
    version: OntologyVersion,
    payload: str,
    answers: Sequence[str],
    seconds_max: float,
    *,
    weights: list[float] | None = None,
    spans: FoundSpans | None = None,
) -> MergeRequest:
    """Return what the merging process is asked about the answers to one item."""
    return MergeRequest(
        modality=modality,
        definition=version.definition.encode(),
        definition_hash=version.content_hash,
        item=payload.encode(),
        answers=[answer.encode() for answer in answers],
        weights=weights,
        spans=spans,
        seconds_max=seconds_max,
    )


def _blocked(due: DueMerge, found: MergeInput, reason: str) -> MergeResult:
    return MergeResult(due=due, ended="blocked", organisation_id=found.organisation_id, reason=reason)


def _outcome(
    found: MergeInput,
    version: OntologyVersion,
    reply: MergeReply,
    terms: Terms,
    weights: list[float] | None,
) -> NewOutcome:
    return NewOutcome(
        id=new_id(),
        task_id=found.task_id,
        project_id=found.project_id,
        organisation_id=found.organisation_id,
        state=rules.new_state(found.task_id, terms.quality),
        answer=reply.answer,
        content_hash=reply.content_hash,
        ontology_version_id=version.id,
        aggregator=rules.MAJORITY,
        parameters=msgspec.json.encode({"weights": weights} if weights else {}),
        confidence=reply.confidence,
        agreement=reply.agreement,
        confidences=reply.confidences,
        submission_ids=found.submission_ids,
    )


def _judged(
    outcome: NewOutcome, model: LiveProject, classes: list[ClassAnswer], judgement: Judgement
) -> NewOutcome:
    return replace(
        outcome,
        aggregator=rules.LIVE,
        parameters=msgspec.json.encode(model.parameters()),
        confidence=judgement.confidence,
        agreement=model.agreement([one.key for one in classes if one.key]),
        confidences=b"",
    )
