"""Answers to made tasks, compared as the service does, and their sums as it reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.rules import content_hash, read_definition
from annotary.quality.agreement import rules
from annotary.quality.agreement.comparing import compare_task
from annotary.quality.agreement.estimating import estimate
from annotary.quality.agreement.messages import AnsweredTask, By, Compared, EstimateRequest, GroupEstimate
from annotary.quality.agreement.values_project import ComparedTask

encode = msgspec.json.Encoder().encode
PROJECT, BATCH, WEEK = UUID(int=1), UUID(int=2), date(2026, 11, 23)


def validator_of(modality: str, definition: dict[str, Any]) -> AnswerValidator:
    """Return what checks answers under a definition."""
    read = read_definition(definition)
    return compile_ontology(modality, read, content_hash(read))


def compared(validator: AnswerValidator, item: Any, answers: Sequence[Any]) -> Compared:
    """Compare answers, each made canonical first."""
    canonical = [validator.validate(encode(answer), item).encoded for answer in answers]
    return compare_task(validator, AnsweredTask(encode(item), canonical))


def task_of(number: int, found: Compared, members: Sequence[int]) -> ComparedTask:
    """Return a compared task; a new number puts it into another bucket."""
    return ComparedTask(UUID(int=number), PROJECT, BATCH, WEEK, [UUID(int=one) for one in members], found)


def measured(tasks: Sequence[ComparedTask], by: By = "none", measure: str = "") -> list[GroupEstimate]:
    """Return the measures of tasks, through the sums that would be kept."""
    change = rules.difference(tasks, [])
    rows: list[Any] = [
        [
            "",
            key.tool,
            key.measure,
            key.label,
            key.bucket,
            key.size,
            key.first,
            key.second,
            one.number,
            one.total,
        ]
        for key, one in change.sums.items()
        if by == "label" or key.measure == "classes" or not key.label
    ]
    if by == "pair":
        rows = [
            [str(key.one), str(key.other), *key[1:4], key.first, key.second, *one]
            for key, one in sorted(
                change.pairs.items(), key=lambda each: (each[0].one, each[0].other, each[0])
            )
        ]
    request = EstimateRequest(by=by, rows=encode(rows), measure=measure, replicates=50, seconds_max=1.0)
    return estimate(request).groups
