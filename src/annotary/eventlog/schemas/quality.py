"""Events of outcomes, gold, annotators, contradictions and predictions; every modality writes its own."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from annotary.eventlog.schemas.declaring import (
    MODALITIES,
    Data,
    Hash,
    Member,
    Number,
    Project,
    Share,
    event,
)


class Outcome(Data):
    """An outcome as it was written: by which aggregator, from which submissions, how sure.

    Of one that a manager went back to, `reverts` is the earlier outcome, and `reason` why.
    """

    outcome: UUID
    version: Number
    content_hash: Hash
    ontology_version: UUID
    aggregator: str
    confidence: Share
    submissions: list[UUID]
    reverts: UUID | None = None
    reason: str = ""


@event("outcome.proposed", "task", MODALITIES)
class OutcomeProposed(Outcome):
    """A task has an outcome that waits for review."""


@event("outcome.accepted", "task", MODALITIES)
class OutcomeAccepted(Outcome):
    """A task has an accepted outcome."""


@event("outcome.revised", "task", MODALITIES)
class OutcomeRevised(Outcome):
    """An accepted outcome gave way to another one."""


@event("outcome.withdrawn", "task", MODALITIES)
class OutcomeWithdrawn(Data):
    """An outcome no longer holds, and nothing takes its place yet; `rejected` by a reviewer or a check."""

    outcome: UUID
    version: Number
    reason: str
    rejected: bool = False


@event("consensus.blocked", "task", MODALITIES)
class ConsensusBlocked(Data):
    """The answers to a task could not be merged."""

    reason: str


class Gold(Data):
    """In which project."""

    project: UUID


@event("gold.made", "task", MODALITIES)
class GoldMade(Gold):
    """A task carries a known answer from now on, and is given out so many times at most."""

    source: str
    content_hash: Hash
    overlap: Number


@event("gold.corrected", "task", MODALITIES)
class GoldCorrected(Gold):
    """A gold task has another known answer."""

    source: str
    content_hash: Hash


class GoldMoved(Gold):
    """In which project, and why."""

    reason: str


@event("gold.retired", "task", MODALITIES)
class GoldRetired(GoldMoved):
    """A gold task is given to nobody any more."""


@event("gold.reinstated", "task", MODALITIES)
class GoldReinstated(GoldMoved):
    """A gold task is given out again."""


@event("gold.returned", "task", MODALITIES)
class GoldReturned(GoldMoved):
    """A gold task is again what it was: in this state, asking for so many answers."""

    state: Literal["open", "paused", "done", "cancelled"]
    overlap: Number


@event("gold.suspected", "task", MODALITIES)
class GoldSuspected(GoldMoved):
    """Good annotators disagree with a known answer; it is out of use until a manager has looked."""

    annotators: Number
    score: Share
    paused: list[Member]


@event("contradiction.found", "task", MODALITIES)
class ContradictionFound(Data):
    """A check found that an outcome contradicts another one, and asks for a look."""

    run: UUID


@event("consistency.checked", "project", MODALITIES)
class ConsistencyChecked(Data):
    """A check for contradictions went through a project."""

    run: UUID


@event("annotator.paused", "member", MODALITIES)
class AnnotatorPaused(Data):
    """An annotator is given nothing in a project, and the work of the last days is asked for again."""

    project: Project
    pause: UUID
    reason: str
    skill: Share | None
    requeue_days: Annotated[float, Meta(ge=0)]


@event("annotator.resumed", "member", MODALITIES)
class AnnotatorResumed(Data):
    """A paused annotator works again; skill is learned anew."""

    project: Project
    reason: str | None


@event("annotator.qualified", "member", MODALITIES)
class AnnotatorQualified(Data):
    """An annotator passed a project's qualification."""

    project: Project
    scores: list[Share]


@event("predictions.stored", "project", MODALITIES)
class PredictionsStored(Data):
    """Models' answers came in for tasks of a project; the hash covers theirs, in order."""

    predictions: list[UUID]
    models: list[str]
    content_hash: Hash
