"""Whole answers of several people: how far two agree, and what most of them say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from annotary.modalities.label_type import Context, Item, Merged
from annotary.modalities.voting import is_majority, leaders, tally, vote_weights

if TYPE_CHECKING:
    from annotary.modalities.answers import AnswerValidator

Votes = Sequence[tuple[Any, float]]
# Merges values of one tool, under a context, with the votes that each counts as.
Merge = Callable[[Sequence[Any], Context, Sequence[float]], Merged]


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


def merge_answers(
    validator: AnswerValidator,
    answers: Sequence[Any],
    item: Item,
    weights: Sequence[float] | None = None,
    instead: Mapping[str, Merge] = MappingProxyType({}),
) -> Merged:
    """Return the outcome of at least one canonical answer, with its confidence.

    An answer of weight 2 counts as two, one of weight 0 not at all; without `weights` each counts as one. The
    order of the answers has no meaning. Flags first: where more than half say `not_applicable` or
    `cannot_assess`, the most frequent flags win; else the answers without flags are merged tool by tool.
    Confidence is the share of the votes that were merged times the mean over the tools. A justification stays
    only where all that were merged give the same. `instead` has, for tools by name, what merges their values
    instead of the label type.
    """
    votes = _in_order(validator, answers, vote_weights(weights, len(answers)))
    group = _winning_group(votes)
    fields: dict[str, Any] = {}
    confidences: list[float] = []
    shares: dict[str, Any] = {}
    for tool, settings in validator.tools:
        given = [(getattr(answer, tool.name), weight) for answer, weight in group]
        if not any(value for value, _ in given):
            continue
        if not tool.labelled:
            given = [(value, weight) for value, weight in given if value]
        values, heard = zip(*given, strict=True)
        merge = instead.get(tool.name, tool.merge)
        merged = merge(values, validator.context(settings, item), heard)
        fields[tool.name] = merged.value
        confidences.append(merged.confidence)
        if merged.shares:
            shares[tool.name] = merged.shares
    _settle(validator, fields)
    not_applicable, cannot_assess = _flags(group[0][0])
    justifications = {answer.justification for answer, _ in group}
    outcome = validator.answer(
        not_applicable=not_applicable,
        cannot_assess=cannot_assess,
        justification=justifications.pop() if len(justifications) == 1 else "",
        **fields,
    )
    certainty = sum(confidences) / len(confidences) if confidences else 1.0
    return Merged(outcome, certainty * _weight(group) / _weight(votes), shares)


def _settle(validator: AnswerValidator, fields: dict[str, Any]) -> None:
    """Make merged values fit each other: relations end at spans that were kept."""
    for tool, _ in validator.tools:
        if tool.between is not None and tool.name in fields:
            values = {other.name: fields.get(other.name, []) for other, _ in validator.tools}
            fields[tool.name] = tool.settle(fields[tool.name], values)


def _in_order(validator: AnswerValidator, answers: Sequence[Any], weights: Sequence[float]) -> Votes:
    """Return the answers that count, with their weights, by content: who gave which must not matter."""
    votes = [(answer, weight) for answer, weight in zip(answers, weights, strict=True) if weight > 0]
    if len(votes) > 1:
        votes.sort(key=lambda vote: (validator.canonical(vote[0]).encoded, vote[1]))
    return votes


def _weight(votes: Votes) -> float:
    return sum(weight for _, weight in votes)


def _flags(answer: Any) -> tuple[bool, bool]:
    return answer.not_applicable, answer.cannot_assess


def _winning_group(votes: Votes) -> Votes:
    plain = [vote for vote in votes if not any(_flags(vote[0]))]
    flagged = [vote for vote in votes if any(_flags(vote[0]))]
    if plain and not is_majority(_weight(flagged), _weight(votes)):
        return plain
    equals = leaders(tally((_flags(answer) for answer, _ in flagged), [weight for _, weight in flagged]))
    return [vote for vote in flagged if _flags(vote[0]) == max(equals)]
