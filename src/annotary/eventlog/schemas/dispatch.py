"""Events of batches, tasks and their leases; every modality writes its own."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from annotary.eventlog.schemas.declaring import MODALITIES, Count, Data, Moment, Number, Share, event

Overlap = Annotated[int, Meta(ge=1, le=100)]


class BatchFacts(Data):
    """What a batch is after the change."""

    project: UUID
    name: str
    state: Literal["open", "paused", "cancelled"]
    priority: str
    deadline: Moment | None
    overlap: Overlap
    version: Number


@event("batch.created", "batch", MODALITIES)
class BatchCreated(BatchFacts):
    """A batch was opened; its tasks follow in chunks."""


@event("batch.changed", "batch", MODALITIES)
class BatchChanged(BatchFacts):
    """A batch has another state, priority, deadline or order; its tasks follow it in steps."""

    state_changed: bool


@event("tasks.released", "batch", MODALITIES)
class TasksReleased(Data):
    """A chunk of tasks came into a batch. `runs` are their ids: where each run of numbers (`numbered_id`)
    begins, and how many follow one another.
    """

    project: UUID
    job: UUID
    chunk: Count
    tasks: Number
    first: UUID
    last: UUID
    runs: list[tuple[UUID, Number]]
    state: Literal["open", "paused"]
    overlap: Overlap


@event("task.claimed", "task", MODALITIES)
class TaskClaimed(Data):
    """A member was given a task under a lease, which pins the versions of ontology and instructions."""

    assignment: UUID
    fence: Number
    expires_at: Moment
    ontology_version: UUID
    instructions_version: Count


class LeaseEnded(Data):
    """Which lease, and why."""

    assignment: UUID
    reason: str | None


@event("task.released", "task", MODALITIES)
class TaskReleased(LeaseEnded):
    """A member gave a task back; they may be given it again."""


@event("task.skipped", "task", MODALITIES)
class TaskSkipped(LeaseEnded):
    """A member passed a task over; they are not given it again."""


@event("task.expired", "task", MODALITIES)
class TaskExpired(Data):
    """A lease was over before it was answered."""

    assignment: UUID


@event("task.revoked", "task", MODALITIES)
class TaskRevoked(LeaseEnded):
    """A live lease was taken back."""

    member: UUID


@event("task.done", "task", MODALITIES)
class TaskDone(Data):
    """A task has all the answers it asks for."""

    answers: Count


class WithReason(Data):
    """Why; may be empty."""

    reason: str


@event("task.paused", "task", MODALITIES)
class TaskPaused(WithReason):
    """A task is not given out for now."""


@event("task.resumed", "task", MODALITIES)
class TaskResumed(WithReason):
    """A paused task is given out again."""


@event("task.cancelled", "task", MODALITIES)
class TaskCancelled(WithReason):
    """A task is not worked on any more."""


@event("task.requeued", "task", MODALITIES)
class TaskRequeued(WithReason):
    """A task asks for answers again, kept for one member or for everybody; `submission.discounted` says which
    answers count no more.
    """

    state: Literal["open", "paused"]
    kept_for: UUID | None


@event("task.reassigned", "task", MODALITIES)
class TaskReassigned(Data):
    """A task is kept for one member, who gets it with the next claim."""

    member: UUID


@event("task.freed", "task", MODALITIES)
class TaskFreed(WithReason):
    """A task that was kept for a member is for everybody again."""

    member: UUID


@event("task.extended", "task", MODALITIES)
class TaskExtended(Data):
    """A task asks for more answers, since another one is likely to add enough (`gain`)."""

    overlap: Overlap
    state: Literal["open", "paused"]
    confidence: Share
    gain: float
