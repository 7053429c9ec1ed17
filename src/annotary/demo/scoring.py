"""How right an exported file is: every answer and every outcome in it, held against the known truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from annotary.demo.values import Sample
from annotary.modalities.answers import AnswerValidator
from annotary.modalities.consensus import agreement
from annotary.ontology.values import Definition


class ExportedAnswer(msgspec.Struct, frozen=True):
    """One person's answer in an export."""

    answer: msgspec.Raw


class Exported(msgspec.Struct, frozen=True):
    """A line of an export with the submissions."""

    unique_id: str
    item: dict[str, Any]
    answer: msgspec.Raw
    answers: list[ExportedAnswer]


class Score(msgspec.Struct, frozen=True):
    """What an export holds, and how right it is: means of the label types' agreement with the truth."""

    tasks: int
    labels: int
    accuracy_single: float
    accuracy: float


def score(file: Path, sample: Sample) -> Score:
    """Score an exported file; a task without an outcome counts as wrong. Raises ValueError for a strange one.

    Agreement is equality for classes and choices (a half between a tie and a winner) and F1 at IoU 0.5 for
    boxes, polygons and tracks.
    """
    validator = AnswerValidator(sample.modality, msgspec.convert(sample.definition, Definition))
    single: list[float] = []
    agreed: dict[str, float] = dict.fromkeys(sample.truth, 0.0)
    for row in _rows(file):
        if row.unique_id not in agreed:
            raise ValueError(f"{file} holds {row.unique_id}, which is no item of {sample.name}.")
        truth = _canonical(validator, sample.truth[row.unique_id], row.item)
        single += [
            agreement(validator, truth, validator.load(bytes(one.answer)), row.item) for one in row.answers
        ]
        agreed[row.unique_id] = agreement(validator, truth, validator.load(bytes(row.answer)), row.item)
    return Score(
        tasks=len(agreed),
        labels=len(single),
        accuracy_single=round(sum(single) / max(1, len(single)), 4),
        accuracy=round(sum(agreed.values()) / max(1, len(agreed)), 4),
    )


def _rows(file: Path) -> Iterator[Exported]:
    decoder = msgspec.json.Decoder(Exported)
    with file.open("rb") as lines:
        for line in lines:
            yield decoder.decode(line)


def _canonical(validator: AnswerValidator, truth: Mapping[str, Any], item: Mapping[str, Any]) -> Any:
    return validator.validate(msgspec.json.encode(truth), item).answer
