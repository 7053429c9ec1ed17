"""How far an answer agrees with what is known, whole and label by label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from annotary.modalities import marks
from annotary.modalities.answers import AnswerValidator, agreement, compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item
from annotary.ontology.rules import read_definition
from annotary.quality.skill.values import Pair, PairScore


def judge(pair: Pair) -> PairScore:
    """Compare an answer with the known one. Both must fit the ontology version."""
    definition = read_definition(msgspec.json.decode(pair.definition))
    validator = compile_ontology(pair.modality, definition, pair.definition_hash)
    item = msgspec.json.decode(pair.item)
    answers = {}
    for name, raw in (("known", pair.known), ("given", pair.given)):
        try:
            answers[name] = validator.validate(raw, item).answer
        except InvalidAnswer as error:
            what = f"The {name} answer does not fit the newest ontology version of the two: {error}"
            return PairScore(blocked=what)
    score = _bounded(agreement(validator, answers["known"], answers["given"], item))
    return PairScore(score=score, labels=by_label(validator, answers["known"], answers["given"], item))


def by_label(validator: AnswerValidator, known: Any, given: Any, item: Item) -> dict[str, float]:
    """Return how far two answers agree on each label that stands in either: the mean of its tools.

    A label that only one of them has scores 0: missed where it is known, a false alarm where it is not.
    """
    scores: dict[str, list[float]] = {}
    for tool, settings in validator.tools:
        if not tool.labelled:
            continue
        context = validator.context(settings, item)
        theirs, ours = (marks.by_label(getattr(answer, tool.name)) for answer in (known, given))
        for label in theirs.keys() | ours.keys():
            first, second = theirs.get(label, []), ours.get(label, [])
            both = bool(first and second)
            score = 1.0 if first == second else tool.agreement(first, second, context) if both else 0.0
            scores.setdefault(label, []).append(_bounded(score))
    return {label: sum(found) / len(found) for label, found in sorted(scores.items())}


def labels_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the labels that stand in an answer's JSON, each once."""
    given = (mark for value in answer.values() if isinstance(value, list) for mark in value)
    return sorted({mark["label"] for mark in given if isinstance(mark, dict) and "label" in mark})


def _bounded(score: float) -> float:
    return min(1.0, max(0.0, float(score)))
