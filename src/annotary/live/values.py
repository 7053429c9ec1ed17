"""Topics, what a tab says about them, what it is told, and why a connection ends."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.dispatch.values import AssignmentState
from annotary.eventlog.values import Position
from annotary.identity.values import ProjectRoleName
from annotary.kernel.limits import LIVE_SINCE_CHARACTERS_MAX, LIVE_TOPIC_CHARACTERS_MAX
from annotary.quality.values import Progress

TopicKind = Literal["me", "project", "task", "presence"]


class Topic(NamedTuple):
    """What can be listened to. The subject is a member (`me`), a project, or an assignment (`task`)."""

    kind: TopicKind
    subject: UUID


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="subscribe"):
    """Listen to a topic. `since` is the last `seq` that was heard of it: what came after it is told again."""

    topic: str
    since: str | None = None

    def __post_init__(self) -> None:
        if len(self.topic) > LIVE_TOPIC_CHARACTERS_MAX or len(self.since or "") > LIVE_SINCE_CHARACTERS_MAX:
            raise ValueError("the topic or since is longer than any can be")


class Unsubscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="unsubscribe"):
    """Listen to a topic no longer."""

    topic: str


class Pong(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pong"):
    """The answer to a ping: the tab lives."""


Command = Subscribe | Unsubscribe | Pong


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first message: who listens, and how often a ping comes."""

    member: str
    ping_seconds: float


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Answer with a pong, or be taken for dead."""


class State(msgspec.Struct, frozen=True, tag="state"):
    """How what the topic is about stands now, whole. A newer one takes the place of one not sent yet."""

    topic: str
    seq: str
    data: msgspec.Raw


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """Something happened that no state shows."""

    topic: str
    seq: str
    data: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The topic is not, or no longer, the member's to hear. `code` and `detail` are those of the HTTP API."""

    topic: str
    code: str
    detail: str


class Gap(msgspec.Struct, frozen=True, tag="gap"):
    """Notices of the topic were lost: ask the HTTP API what there is."""

    topic: str


class Closing(enum.IntEnum):
    """Why the service ends a connection: HTTP's statuses, in RFC 6455's range for applications."""

    MALFORMED = 4400
    UNAUTHENTICATED = 4401
    SILENT = 4408
    TOO_MANY_TABS = 4409
    TOO_LARGE = 4413
    TOO_FAST = 4429


class ProjectState(msgspec.Struct, frozen=True):
    """A project, and how far it is (null where the service does not count, or has not yet)."""

    project: str
    name: str
    state: Literal["active", "paused", "deleted"]
    version: int
    ontology_version: str
    instructions_version: int
    progress: Progress | None


class TaskState(msgspec.Struct, frozen=True):
    """The member's lease of a task, and how it ended: `reason` where one was given."""

    assignment: str
    task: str
    project: str
    state: AssignmentState
    fence: int
    expires_at: datetime
    reason: str | None


class Standing(msgspec.Struct, frozen=True):
    """A project the member is on; `state` says whether the member is given tasks there."""

    project: str
    role: ProjectRoleName
    state: Literal["qualifying", "active", "paused"]


class MeState(msgspec.Struct, frozen=True):
    """The projects the member is on."""

    projects: Sequence[Standing]


class Present(msgspec.Struct, frozen=True):
    """A member who has a project open: since when, and the task they are at, if any."""

    member: str
    name: str
    task: str | None
    since: datetime


class PresenceState(msgspec.Struct, frozen=True):
    """Who is on a project: `count` members; those who came first by name, for reviewers and above only."""

    count: int
    members: Sequence[Present]


class Found(NamedTuple):
    """What a topic is about, with what decides who may hear it."""

    organisation_id: UUID
    project_id: UUID | None
    member_id: UUID | None
    data: ProjectState | TaskState | MeState | PresenceState


class Told(NamedTuple):
    """A notice with its place in the log."""

    position: Position
    data: dict[str, Any]


class Here(NamedTuple):
    """That a connection has a project open, and the assignment it is at."""

    project_id: UUID
    assignment_id: UUID | None
