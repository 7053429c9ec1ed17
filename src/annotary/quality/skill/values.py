"""Judged answers, skills and how annotators stand, inside and as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

AnnotatorState = Literal["active", "qualifying", "paused"]
Source = Literal["gold", "qualification", "review", "consensus"]


class Judged(NamedTuple):
    """One judged answer of an annotator: how far it agreed, whole and for each label in it, 0 to 1."""

    source: Source
    score: float
    labels: Mapping[str, float]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A skill from 0 to 1 with its 95 % interval, and the evidence: answers and their mean scores.

    `gold` are answers that were held against a known or reviewed one, `agreed` those held against consensus.
    """

    skill: float
    low: float
    high: float
    gold_answers: int
    gold_score: float | None
    agreed_answers: int
    agreed_score: float | None


class LabelSkill(msgspec.Struct, frozen=True):
    """The skill in one label, with its interval and the number of answers behind it."""

    skill: float
    low: float
    high: float
    answers: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an annotator stands, as far as the decision about them needs it.

    `qualification` are the scores of the qualification tasks answered; `gate` is whether the project has one.
    """

    state: AnnotatorState
    skill: Estimate | None
    qualification: tuple[float, ...] = ()


class Move(NamedTuple):
    """What an annotator's state becomes, and why."""

    state: AnnotatorState
    reason: str | None


class Pair(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A judgement to be made: an answer, what it is held against, the item and the ontology, all JSON."""

    modality: str
    definition: bytes
    definition_hash: bytes
    item: bytes
    known: bytes
    given: bytes
    seconds_max: float


class PairScore(msgspec.Struct, frozen=True, kw_only=True):
    """How far an answer agrees with what is known, or why it cannot be held against it (`blocked`)."""

    score: float = 0.0
    labels: dict[str, float] = {}
    blocked: str = ""


class DueAnnotator(NamedTuple):
    """An annotator who is to be looked at."""

    project_id: UUID
    member_id: UUID


class SkillDay(Estimate, frozen=True, kw_only=True):
    """A skill as it was known at the end of a day (UTC)."""

    day: date


class AnnotatorView(msgspec.Struct, frozen=True):
    """How an annotator stands on a project. `requeued` is how many answers the pause had asked for again."""

    member: str
    name: str | None
    project: str
    state: AnnotatorState
    reason: str | None
    skill: float | None
    answers: int
    requeued: int
    changed_at: datetime


class SkillView(msgspec.Struct, frozen=True):
    """An annotator's skill on a project; the numbers are null while nothing is known.

    `days` has the newest day first, and is given where one annotator was asked for.
    """

    member: str
    name: str | None
    project: str
    state: AnnotatorState
    skill: float | None
    low: float | None
    high: float | None
    gold_answers: int
    gold_score: float | None
    agreed_answers: int
    agreed_score: float | None
    labels: dict[str, LabelSkill]
    days: list[SkillDay] | None = None


class PauseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an annotator is paused, and how many days of their answers are asked for again.

    `requeue_days` absent: as the project's settings say; 0: none.
    """

    project: str
    reason: str = ""
    requeue_days: float | None = None


class ResumeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The project an annotator is to work on again."""

    project: str
