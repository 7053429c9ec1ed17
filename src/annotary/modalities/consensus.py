"""Whole answers of several people: how far two agree, and what most of them say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotary.modalities.label_type import Item, Merged

if TYPE_CHECKING:
    from annotary.modalities.answers import AnswerValidator


def agreement(validator: AnswerValidator, first: Any, second: Any, item: Item) -> float:
    """Return how far two canonical answers agree, 0 to 1: the tools' mean, 0 where their flags differ.

    Symmetric, and 1 for answers that differ in nothing but their justification.
    """
    if _flags(first) != _flags(second):
        return 0.0
    scores = [
        _tool_agreement(
            getattr(first, tool.name), getattr(second, tool.name), tool, validator.context(settings, item)
        )
        for tool, settings in validator.tools
    ]
    return sum(scores) / len(scores)


def _tool_agreement(first: Any, second: Any, tool: Any, context: Any) -> float:
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    return float(tool.agreement(first, second, context))


def merge_answers(validator: AnswerValidator, answers: Sequence[Any], item: Item) -> Merged:
    """Return the outcome of at least one canonical answer, with its confidence.

    Flags first: where more than half say `not_applicable` or `cannot_assess`, the most frequent flags win;
    else the answers without flags are merged tool by tool. Confidence is the share of the answers that were
    merged times the mean over the tools. A justification stays only where all that were merged give the same.
    """
    group = _winning_group(answers)
    fields: dict[str, Any] = {}
    confidences: list[float] = []
    for tool, settings in validator.tools:
        values = [getattr(answer, tool.name) for answer in group]
        if not any(values):
            continue
        merged = tool.merge(
            values if tool.labelled else list(filter(None, values)), validator.context(settings, item)
        )
        fields[tool.name] = merged.value
        confidences.append(merged.confidence)
    not_applicable, cannot_assess = _flags(group[0])
    justifications = {answer.justification for answer in group}
    outcome = validator.answer(
        not_applicable=not_applicable,
        cannot_assess=cannot_assess,
        justification=justifications.pop() if len(justifications) == 1 else "",
        **fields,
    )
    certainty = sum(confidences) / len(confidences) if confidences else 1.0
    return Merged(outcome, certainty * len(group) / len(answers))


def _flags(answer: Any) -> tuple[bool, bool]:
    return answer.not_applicable, answer.cannot_assess


def _winning_group(answers: Sequence[Any]) -> list[Any]:
    plain = [answer for answer in answers if not any(_flags(answer))]
    if 2 * len(plain) >= len(answers) and plain:
        return plain
    flagged = Counter(_flags(answer) for answer in answers if any(_flags(answer)))
    winner = max(flagged, key=lambda flags: (flagged[flags], flags))
    return [answer for answer in answers if _flags(answer) == winner]
