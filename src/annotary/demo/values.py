"""What the demo labels, who labels it, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from annotary.client.values import Modality

Answer = Mapping[str, Any]
Item = Mapping[str, Any]


class Annotator(msgspec.Struct, frozen=True):
    """Somebody who is replayed. `answer` gives the answer to an item, None for one never seen."""

    name: str
    answer: Callable[[str, Item], Answer | None]


class Turn(msgspec.Struct, frozen=True):
    """One annotator at work: `tasks` in all, claimed `count` at a time."""

    annotator: Annotator
    tasks: int
    count: int = 1


class Asking(msgspec.Struct, frozen=True):
    """The target of a batch that asks for a quality, and the `least` answers to a task."""

    kind: Literal["confidence", "accuracy", "budget"]
    value: float
    least: int


# Of shapes, whose confidence is how far those who drew them agree: never as near to 1 as that of classes.
OF_SHAPES = Asking("confidence", 0.8, 2)


class SampleItem(msgspec.Struct, frozen=True):
    """An item by its row of an import; where there is a file it becomes the row's asset."""

    unique_id: str
    row: Mapping[str, Any] = {}
    file: Path | None = None


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A project's worth of items to label."""

    name: str
    modality: Modality
    definition: Mapping[str, Any]
    instructions: str
    items: Sequence[SampleItem]


class Sample(Work, frozen=True, kw_only=True):
    """Work whose truth is known, and who does it.

    `shifts` follow one another; those within one work at the same time. `truth_from` says where the truth
    comes from. Its tasks get `overlap` answers, or as many of these as it takes for what is `asking`.
    """

    truth: Mapping[str, Answer]
    truth_from: str
    overlap: int
    shifts: Sequence[Sequence[Turn]]
    asking: Asking = Asking("confidence", 0.98, 2)

    @property
    def annotators(self) -> dict[str, Annotator]:
        """Everybody who works on it, by name."""
        return {turn.annotator.name: turn.annotator for shift in self.shifts for turn in shift}


class Quantiles(msgspec.Struct, frozen=True):
    """Of waiting times, in milliseconds."""

    p50: float
    p99: float


class Saved(msgspec.Struct, frozen=True):
    """The same tasks asked while it was worth it, beside the fixed overlap: answers and accuracies."""

    labels_used: int
    labels_fixed: int
    accuracy: float
    accuracy_fixed: float


class ProjectReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a project went. Accuracies are means of the label types' agreement with the truth, 0 to 1."""

    name: str
    modality: Modality
    tasks: int
    labels: int
    labels_per_s: float
    claim_ms: Quantiles
    submit_ms: Quantiles
    accuracy_single: float
    accuracy: float
    overlap: Saved | None
    export: str
    truth: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How the demo went; `problems` says why it is not `ok`."""

    ok: bool
    seconds: float
    data_dir: str
    url: str
    projects: list[ProjectReport]
    problems: list[str] = []
