"""Filters over the tasks of a project, slices, and how what they find looks outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.dispatch.values import TaskState
from annotary.kernel.limits import (
    FILTER_TASKS_MAX,
    FILTER_TEXT_CHARACTERS_MAX,
    FILTER_VALUES_MAX,
    NAME_CHARACTERS_MAX,
)

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Text = Annotated[str, msgspec.Meta(max_length=FILTER_TEXT_CHARACTERS_MAX)]
Texts = Annotated[list[Text], msgspec.Meta(max_length=FILTER_VALUES_MAX)]
Action = Literal["pause", "resume", "requeue", "cancel", "gold"]


class ItemFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What tasks must have to be found: all that is said here, and of several values of a field any.

    `labels` are those of the current outcome, `answered` those of any answer that counts; `unique_id` is how
    it begins; every word of `words` must begin a word of the item; `metadata` must have these values. Shares
    are [least, most].
    """

    states: Annotated[list[TaskState], msgspec.Meta(max_length=FILTER_VALUES_MAX)] = []
    batches: Texts = []
    datasets: Texts = []
    labels: Texts = []
    answered: Texts = []
    annotators: Texts = []
    agreement: tuple[Share, Share] | None = None
    confidence: tuple[Share, Share] | None = None
    issues: bool | None = None
    gold: bool | None = None
    unique_id: Text = ""
    words: Text = ""
    metadata: Annotated[dict[Text, Text], msgspec.Meta(max_length=FILTER_VALUES_MAX)] = {}
    tasks: Annotated[list[str], msgspec.Meta(max_length=FILTER_TASKS_MAX)] = []


class Wanted(NamedTuple):
    """A filter as the database takes it, in the order of `tasks_found`; null asks for nothing."""

    tasks: list[UUID] | None
    states: list[str] | None
    batches: list[UUID] | None
    datasets: list[UUID] | None
    labels: list[str] | None
    answered: list[str] | None
    members: list[UUID] | None
    agreement: list[float] | None
    confidence: list[float] | None
    issues: bool | None
    prefix: str | None
    words: str | None
    metadata: list[str] | None


class Told(msgspec.Struct, frozen=True):
    """A word of what was answered, how often it is in there, and whether it is a label of the ontology."""

    word: str
    times: int
    label: bool


class FoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A task that was found, with its item and its answers in a few words.

    `thumbnail` is the path of a small picture of the item's asset, `outcome_state` null without an outcome.
    """

    task: str
    item: str
    unique_id: str
    batch: str
    state: TaskState
    overlap: int
    leased: int
    answered: int
    text: str | None
    thumbnail: str | None
    told: Sequence[Told]
    outcome: str | None
    outcome_state: str | None
    confidence: float | None
    agreement: float | None
    issues: int


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter finds in a project now: how many tasks, and the first of them.

    `anchors` are the ids of every `anchor_rows`-th of them, the first one included: with them any part of the
    list is asked for by position, without those before it. `rows` are the first ones.
    """

    count: int
    anchor_rows: int
    anchors: Sequence[str]
    rows: Sequence[FoundView]


class Rows(msgspec.Struct, frozen=True):
    """The tasks between two anchors, as they are now."""

    rows: Sequence[FoundView]


class Counted(msgspec.Struct, frozen=True):
    """A value of a field, and how many tasks of the project have it."""

    value: str
    name: str
    count: int


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to filter by in a project, each with its number of tasks. Reviewers see no annotators."""

    count: int
    states: Sequence[Counted]
    batches: Sequence[Counted]
    datasets: Sequence[Counted]
    labels: Sequence[Counted]
    answered: Sequence[Counted]
    annotators: Sequence[Counted]
    issues: int


class CountsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose tasks are counted: for filters that name too many tasks for an address."""

    project: str
    filter: ItemFilter


class Counts(msgspec.Struct, frozen=True):
    """How many tasks a filter finds now, and how many in each state."""

    count: int
    states: Mapping[str, int]


class ActionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of what is done to all that a filter finds; `after` is where the step before ended."""

    project: str
    action: Action
    filter: ItemFilter
    reason: str = ""
    after: str | None = None


class ActionStep(msgspec.Struct, frozen=True):
    """How many tasks a step looked at and changed; `after` goes into the next one, null: it was the last."""

    looked_at: int
    changed: int
    after: str | None


class NewSlice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A filter to keep under a name, for everybody who sees the project's data."""

    project: str
    name: Annotated[str, msgspec.Meta(max_length=NAME_CHARACTERS_MAX)]
    filter: ItemFilter


class SliceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be another of a slice."""

    name: Annotated[str, msgspec.Meta(max_length=NAME_CHARACTERS_MAX)] | None = None
    filter: ItemFilter | None = None


class SliceView(msgspec.Struct, frozen=True, kw_only=True):
    """A filter that is kept under a name."""

    id: str
    project: str
    name: str
    filter: ItemFilter
    version: int
    created_by: str
    created_at: datetime


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """What a task is found by, of its answers and its outcome; as stored."""

    task_id: UUID
    labels: list[str]
    said: list[str]
    member_ids: list[UUID]
    told: list[Told]
    outcome_id: UUID | None
    outcome_state: str | None
    confidence: float | None
    agreement: float | None
    issues: int


Answer = Mapping[str, Any]


class GivenView(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that somebody gave. `counts`: it is what the outcome is made of; `why` it no longer does.

    `member` and `name` are null for reviewers.
    """

    id: str
    member: str | None
    name: str | None
    answer: msgspec.Raw
    told: Sequence[Told]
    seconds: float
    claimed_at: datetime
    received_at: datetime
    ontology_version: str
    counts: bool
    why: str | None


class OutcomeNow(msgspec.Struct, frozen=True, kw_only=True):
    """The current outcome of a task."""

    id: str
    version: int
    state: str
    answer: msgspec.Raw
    told: Sequence[Told]
    aggregator: str
    confidence: float
    agreement: float | None
    created_at: datetime


class PredictionNow(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said of a task."""

    id: str
    model: str
    version: str
    score: float | None
    answer: msgspec.Raw
    told: Sequence[Told]


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a task's item and its answers; `payload` has an address for its asset.

    Reviews and issues of a task have lists of their own.
    """

    found: FoundView
    payload: msgspec.Raw
    metadata: msgspec.Raw | None
    dataset: str | None
    dataset_name: str | None
    batch_name: str
    released_at: datetime
    answers: Sequence[GivenView]
    outcome: OutcomeNow | None
    predictions: Sequence[PredictionNow]
