"""Batches, tasks and assignments: their states, and how they look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.kernel.errors import Malformed
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import CLAIM_COUNT_MAX, CLAIM_WAIT_MILLISECONDS_MAX
from annotary.projects.overlap import OverlapTarget

Priority = Literal["urgent", "high", "normal", "low"]
# In which order a batch's tasks are given out: that in which they came in, or one that nobody can foretell.
BatchOrder = Literal["shuffled", "imported"]
BatchState = Literal["open", "paused", "cancelled"]
TaskState = Literal["open", "paused", "done", "cancelled", "gold"]
# What a lease can be fenced with: Postgres counts so far.
Fence = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
AssignmentState = Literal["leased", "submitted", "skipped", "released", "expired", "revoked", "set_aside"]


class ClaimRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for: `count` leases in a project (or in any of the member's), waiting up to `wait_ms`."""

    project: str | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=CLAIM_COUNT_MAX)] = 1
    wait_ms: Annotated[int, msgspec.Meta(ge=0, le=CLAIM_WAIT_MILLISECONDS_MAX)] = 0


class TaskGiven(msgspec.Struct, frozen=True):
    """The task inside an assignment, with all that is needed to work on it."""

    id: str
    unique_id: str
    stage: str
    ontology_version: str
    item: msgspec.Raw
    suggestions: msgspec.Raw
    project: str
    instructions_version: int


class AssignmentGiven(msgspec.Struct, frozen=True):
    """A lease, as claimed: send `fence` back with everything that is done under it, before `expires_at`."""

    id: str
    fence: int
    expires_at: datetime
    task: TaskGiven


class Claimed(msgspec.Struct, frozen=True):
    """The reply to a claim; empty when nothing is free."""

    assignments: list[AssignmentGiven]


class FenceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shows that the sender holds the lease."""

    fence: Fence


class Renewed(msgspec.Struct, frozen=True):
    """A lease with its new end."""

    id: str
    fence: int
    expires_at: datetime


class SkipRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a task is passed over; it is not offered to this member again."""

    fence: Fence
    reason: str = ""


class AssignmentView(msgspec.Struct, frozen=True):
    """The record of who was given which task, and how it ended."""

    id: str
    task: str
    project: str
    member: str
    state: AssignmentState
    fence: int
    claimed_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    submission: str | None


class ProjectWaiting(msgspec.Struct, frozen=True):
    """What waits for the caller in a project. `open`: tasks to claim, counted up to 1,000."""

    project: str
    open: int
    mine_leased: int
    answered_by_me: int


class Waiting(msgspec.Struct, frozen=True):
    """What waits for the caller in a modality."""

    projects: list[ProjectWaiting]


class NewBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which items become tasks together: a whole `dataset`, or some `items` by id.

    Without an `order` tasks are given out as they come in, and shuffled where the project mixes gold in.
    """

    project: str
    dataset: str | None = None
    items: list[str] | None = None
    name: str = ""
    priority: Priority = "normal"
    deadline: datetime | None = None
    overlap: int | None = None
    target: OverlapTarget | None = None
    skill_minimum: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    order: BatchOrder | None = None


class BatchChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be changed of a batch after its release."""

    state: BatchState | None = None
    priority: Priority | None = None
    deadline: datetime | msgspec.UnsetType | None = msgspec.UNSET
    target: OverlapTarget | msgspec.UnsetType | None = msgspec.UNSET
    order: BatchOrder | None = None


class BatchView(msgspec.Struct, frozen=True):
    """Tasks released together. `job` is the release under way, once asked for."""

    id: str
    project: str
    name: str
    priority: Priority
    deadline: datetime | None
    overlap: int
    target: OverlapTarget | None
    skill_minimum: float
    order: BatchOrder
    state: BatchState
    tasks: int
    version: int
    created_at: datetime
    job: str | None = None


class BatchProgress(msgspec.Struct, frozen=True):
    """How far a batch is: its tasks by state, the leases on them, and answers.

    `asked` are the answers that its tasks ask for by now (cancelled ones: that they have), `answered` those
    that came, `answered_last_hour` the pace; each second thought counts as an answer there.
    """

    batch: str
    open: int
    paused: int
    done: int
    cancelled: int
    leased: int
    asked: int
    answered: int
    answered_last_hour: int


class BatchesProgress(msgspec.Struct, frozen=True):
    """How far the batches of a project are, as they were counted at `counted_at`."""

    counted_at: datetime
    items: list[BatchProgress]


class Listing(NamedTuple):
    """What a list is asked for: the entries of a project or of a task, and which page of them."""

    project: str | None
    task: str | None
    limit: int | None
    next_token: str | None

    @property
    def place(self) -> tuple[UUID | None, UUID | None]:
        """The ids of the project or the task; raises Malformed unless it is exactly one of them."""
        if (self.project is None) == (self.task is None):
            raise Malformed("Say either `project` or `task`.", path="project")
        return (
            None if self.project is None else parse_id("project", self.project),
            None if self.task is None else parse_id("task", self.task),
        )


class Holder(msgspec.Struct, frozen=True):
    """Who has a task under a lease now, and when the lease ends unless it is renewed."""

    member: str
    name: str
    assignment: str
    claimed_at: datetime
    expires_at: datetime


class TaskFilter(NamedTuple):
    """Which tasks of a project are listed; what is null does not matter. `held`: only those under a lease."""

    state: TaskState | None
    batch_id: UUID | None
    unique_id: str | None
    held: bool
    holder_id: UUID | None


class TaskView(msgspec.Struct, frozen=True):
    """One item x one stage, how far it is, and who has it now."""

    id: str
    project: str
    batch: str
    item: str
    unique_id: str
    stage: str
    state: TaskState
    overlap: int
    leased: int
    answered: int
    reserved_for: str | None
    holders: list[Holder]
    created_at: datetime


class TasksChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tasks a manager acts on together."""

    tasks: list[str]
    reason: str = ""


class Reassignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The member a task is kept for."""

    member: str


class TasksReassignment(Reassignment, frozen=True, forbid_unknown_fields=True):
    """The tasks that are kept for one member."""

    tasks: list[str]


class Changed(msgspec.Struct, frozen=True):
    """How many tasks an action reached; the others were not in a state for it."""

    changed: int


class Wanted(msgspec.Struct, frozen=True):
    """One claim, as dispatch sees it. `projects` in order of preference; `claimed_with` names the request."""

    member_id: UUID
    projects: tuple[UUID, ...]
    count: int
    claimed_with: UUID | None = None
    fresh: bool = False


class Lease(msgspec.Struct, frozen=True):
    """What a claim got: one row of the group claim."""

    assignment_id: UUID
    fence: int
    expires_at: datetime
    task_id: UUID
    order_key: datetime | None
    stage: str
    ontology_version_id: UUID
    instructions_version: int
    item_id: UUID
    unique_id: str
    payload: str
    suggestions: str | None
    project_id: UUID
