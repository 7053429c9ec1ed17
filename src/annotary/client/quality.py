"""Known answers, annotators and their skill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from annotary.client.transport import Transport
from annotary.client.values import Modality

GoldState = Literal["active", "retired", "suspect", "returned"]
AnnotatorState = Literal["active", "qualifying", "paused"]


class GoldTask(msgspec.Struct, frozen=True):
    """A known answer with its task. `score` is the mean over the answers judged, null before the first."""

    task: str
    unique_id: str
    project: str
    state: GoldState
    qualification: bool
    source: str
    answer: dict[str, Any]
    ontology_version: str
    exposures: int
    answers: int
    created_at: datetime
    changed_at: datetime
    score: float | None = None
    reason: str | None = None


class GoldMade(msgspec.Struct, frozen=True):
    """What became of the gold that was asked for, in its order."""

    tasks: list[str]
    made: int
    corrected: int
    unchanged: int


class Rotated(msgspec.Struct, frozen=True):
    """The gold tasks that were exchanged."""

    retired: list[str]
    reinstated: list[str]


class Annotator(msgspec.Struct, frozen=True):
    """How an annotator stands on a project; `skill` is null while nothing is known."""

    member: str
    project: str
    state: AnnotatorState
    answers: int
    requeued: int
    changed_at: datetime
    name: str | None = None
    reason: str | None = None
    skill: float | None = None


class LabelSkill(msgspec.Struct, frozen=True):
    """The skill in one label, with its 95 % interval."""

    skill: float
    low: float
    high: float
    answers: int


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A skill with its 95 % interval, and the evidence; null while nothing is known."""

    skill: float | None = None
    low: float | None = None
    high: float | None = None
    gold_answers: int
    gold_score: float | None = None
    agreed_answers: int
    agreed_score: float | None = None


class SkillDay(Estimate, frozen=True, kw_only=True):
    """A skill as it was known at the end of a day (UTC)."""

    day: date


class Skill(Estimate, frozen=True, kw_only=True):
    """An annotator's skill on a project, whole and by label."""

    member: str
    name: str | None = None
    project: str
    state: AnnotatorState
    labels: dict[str, LabelSkill]
    days: list[SkillDay] | None = None


class Gold:
    """`client.gold`: tasks with known answers, mixed in unseen."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, modality: Modality, project: str, gold: Sequence[Mapping[str, Any]]) -> GoldMade:
        """Make gold of tasks: each is `{"task" | "unique_id", "answer", "qualification"?}`; all or none."""
        return self._add(modality, {"project": project, "gold": gold})

    def add_outcomes(
        self, modality: Modality, project: str, tasks: Sequence[str], *, qualification: bool = False
    ) -> GoldMade:
        """Make gold of tasks with the answers of their accepted outcomes."""
        body = {"project": project, "from_outcomes": True, "tasks": tasks, "qualification": qualification}
        return self._add(modality, body)

    def _add(self, modality: Modality, body: Mapping[str, Any]) -> GoldMade:
        return self._transport.write("POST", f"/v1/{modality}/gold", GoldMade, body)

    def list(self, modality: Modality, project: str, *, state: GoldState | None = None) -> Iterator[GoldTask]:
        """Yield the known answers of a project."""
        params = {"project": project, "state": state}
        return self._transport.pages(f"/v1/{modality}/gold", GoldTask, params)

    def act(
        self,
        modality: Modality,
        action: Literal["retire", "reinstate", "return"],
        tasks: Sequence[str],
        *,
        reason: str = "",
    ) -> int:
        """Retire, reinstate or turn back gold tasks; returns how many were in a state for it."""
        body = {"tasks": tasks, "reason": reason}
        path = f"/v1/{modality}/gold/{action}"
        return self._transport.write("POST", path, dict[str, int], body)["changed"]

    def rotate(self, modality: Modality, project: str, tasks: int) -> Rotated:
        """Exchange up to `tasks` of the most exposed for retired ones that rested longest."""
        body = {"project": project, "tasks": tasks}
        return self._transport.write("POST", f"/v1/{modality}/gold/rotate", Rotated, body)


class Annotators:
    """`client.annotators`: who works on a project, and how well."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, modality: Modality, project: str) -> Iterator[Annotator]:
        """Yield a project's annotators."""
        return self._transport.pages(f"/v1/{modality}/annotators", Annotator, {"project": project})

    def skill(self, modality: Modality, project: str, *, member: str | None = None) -> Iterator[Skill]:
        """Yield skills: all to managers, to an annotator their own; with `member` the newest days too."""
        params = {"project": project, "member": member}
        return self._transport.pages(f"/v1/{modality}/skill", Skill, params)

    def pause(
        self,
        modality: Modality,
        project: str,
        member: str,
        *,
        reason: str = "",
        requeue_days: float | None = None,
    ) -> Annotator:
        """Give an annotator nothing more, and ask for their answers of the last days again.

        `requeue_days` None: as the project's settings say; 0: none.
        """
        body = {"project": project, "reason": reason, "requeue_days": requeue_days}
        path = f"/v1/{modality}/annotators/{member}/pause"
        return self._transport.write("POST", path, Annotator, body)

    def resume(self, modality: Modality, project: str, member: str) -> Annotator:
        """Let an annotator work again; their skill is learned anew."""
        path = f"/v1/{modality}/annotators/{member}/resume"
        return self._transport.write("POST", path, Annotator, {"project": project})
