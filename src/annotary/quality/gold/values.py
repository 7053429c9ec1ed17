"""Known answers and the tasks that carry them, inside and as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

GoldState = Literal["active", "retired", "suspect", "returned"]
GoldSource = Literal["manager", "outcome", "import"]
# The pools of the claim, and the one that it takes nothing from.
MIXED_IN, QUALIFICATION, RESTING = UUID(int=1), UUID(int=2), UUID(int=3)


class NewGold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A known answer for a task of the project, named by id or by business key."""

    answer: msgspec.Raw
    task: str | None = None
    unique_id: str | None = None
    qualification: bool = False


class NewGoldSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Gold to be made: answers that are given (`gold`), or those of accepted outcomes of `tasks`."""

    project: str
    gold: list[NewGold] = []
    from_outcomes: bool = False
    tasks: list[str] = []
    qualification: bool = False


class GoldMade(msgspec.Struct, frozen=True):
    """What became of the gold that was asked for, in its order.

    `corrected` had another known answer before: answers to them are judged again.
    """

    tasks: list[str]
    made: int
    corrected: int
    unchanged: int


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a project's gold tasks are exchanged at most."""

    project: str
    tasks: int


class Rotated(msgspec.Struct, frozen=True):
    """The gold tasks that were exchanged."""

    retired: list[str]
    reinstated: list[str]


class GoldView(msgspec.Struct, frozen=True, kw_only=True):
    """A known answer with its task. `score` is the mean over the `answers` judged, null before the first.

    `exposures` are the answers and leases since it was last put in.
    """

    task: str
    unique_id: str
    project: str
    state: GoldState
    qualification: bool
    source: GoldSource
    answer: msgspec.Raw
    ontology_version: str
    exposures: int
    answers: int
    score: float | None
    reason: str | None
    created_at: datetime
    changed_at: datetime


class Feedback(msgspec.Struct, frozen=True):
    """What an annotator in training learns of an answer; `score` is null until it was judged."""

    assignment: str
    task: str
    answer: msgspec.Raw
    known: msgspec.Raw
    score: float | None
    labels: dict[str, float]


class Known(NamedTuple):
    """A checked known answer for a task: canonical JSON and its 32-byte hash."""

    task_id: UUID
    answer: bytes
    content_hash: bytes
    qualification: bool


class Terms(NamedTuple):
    """What known answers that come together share."""

    project_id: UUID
    organisation_id: UUID
    ontology_version_id: UUID
    source: GoldSource
    by: UUID | None


class Wanted(NamedTuple):
    """An answer as it was asked for: `path` is where it stands in the request."""

    path: str
    task_id: UUID
    payload: str
    answer: bytes
    qualification: bool


class Carrier(NamedTuple):
    """The task that is to carry a known answer, and the gold it carries already, if any."""

    stage: str
    state: str
    answered: int
    gold_state: GoldState | None
    content_hash: bytes | None
    qualification: bool | None


def outside(tasks: Sequence[UUID]) -> list[str]:
    """Return the outside forms of the ids of tasks."""
    return [f"task_{task.hex}" for task in tasks]
