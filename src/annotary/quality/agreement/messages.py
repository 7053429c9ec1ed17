"""What the bounded process is asked about agreement, and what it answers; without numpy, which not everybody
needs.
"""

from __future__ import annotations

from typing import Literal

import msgspec

By = Literal["none", "label", "pair", "batch", "week"]
# Scores are whole millionths: sums of them have no rounding, whatever is added and taken out.
SCORE_UNITS = 1_000_000
CLASSES = "classes"


class AnsweredTask(msgspec.Struct, frozen=True):
    """A task's item and its counted answers: JSON."""

    item: bytes
    answers: list[bytes]


class ToolCompared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the answers to one task say of each other with one tool; null where an answer says nothing.

    `classes` has, for each question that is answered by a class, each answer's class. `scores` has, by
    measure and label ("" for the whole answer), the score of each pair of answers in millionths: (0, 1),
    (0, 2), ..., (1, 2), ...
    """

    classes: dict[str, list[str | None]] = {}
    scores: dict[str, dict[str, list[int | None]]] = {}


class Compared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the answers to one task say of each other, by tool; `failed` says why nothing is known."""

    tools: dict[str, ToolCompared] = {}
    failed: str = ""


class CompareRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answers to tasks, to be compared under one ontology version (its definition as JSON)."""

    modality: str
    definition: bytes
    definition_hash: bytes
    tasks: list[AnsweredTask]
    seconds_max: float


class CompareReply(msgspec.Struct, frozen=True, kw_only=True):
    """One a task, in their order; or the reason why there are none (`blocked`)."""

    compared: list[Compared] = []
    blocked: str = ""


class SumRow(msgspec.Struct, frozen=True, array_like=True):
    """Sums of one group, as the tables have them; see migrations/modality/0008_agreement.sql."""

    group: str
    tool: str
    measure: str
    label: str
    bucket: int
    size: int
    first: str
    second: str
    pairs: int
    total: int


class PairRow(msgspec.Struct, frozen=True, array_like=True):
    """Sums of two annotators, as the tables have them."""

    one: str
    other: str
    tool: str
    measure: str
    label: str
    first: str
    second: str
    tasks: int
    total: int
    squares: int


class EstimateRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sums to make measures of: a JSON list of `PairRow` by pair, of `SumRow` else.

    `measure` keeps those of this name, and those whose name begins with it and an underscore; "" keeps all.
    """

    by: By
    rows: bytes
    measure: str = ""
    replicates: int
    seconds_max: float


class GroupEstimate(msgspec.Struct, frozen=True):
    """The measures of one group with one tool: (value, low, high), null where not defined.

    `key` is the batch, the week or the two annotators; `label` is "" where it is about whole answers.
    """

    key: list[str]
    tool: str
    label: str
    tasks: int
    measures: dict[str, tuple[float | None, float | None, float | None]]


class EstimateReply(msgspec.Struct, frozen=True, kw_only=True):
    """The groups, in order; or the reason why there are none (`blocked`)."""

    groups: list[GroupEstimate] = []
    blocked: str = ""
