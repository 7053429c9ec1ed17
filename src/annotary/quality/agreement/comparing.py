"""How the answers to one task compare: their classes, a score for each pair. Runs in the bounded process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

import msgspec

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.modalities.label_type import Context, LabelType
from annotary.modalities.marks import by_label
from annotary.ontology.rules import read_definition
from annotary.quality.agreement.messages import (
    SCORE_UNITS,
    AnsweredTask,
    Compared,
    CompareReply,
    CompareRequest,
    ToolCompared,
)
from annotary.quality.errors import reason_of

OWN = "mean_agreement"
Pairs = list[tuple[int, int]]
Measure = Callable[[Any, Any, Context], float]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any] | None).decode


def compare(request: CompareRequest) -> CompareReply:
    """Compare the answers to each task; one that cannot be compared costs the others nothing."""
    definition = read_definition(msgspec.json.decode(request.definition))
    validator = compile_ontology(request.modality, definition, request.definition_hash)
    return CompareReply(compared=[_compare_safely(validator, task) for task in request.tasks])


def _compare_safely(validator: AnswerValidator, task: AnsweredTask) -> Compared:
    try:
        return compare_task(validator, task)
    except Exception as error:  # a fault in one label type's measure must not cost the other tasks theirs
        return Compared(failed=reason_of(error))


def compare_task(validator: AnswerValidator, task: AnsweredTask) -> Compared:
    """Compare the answers to one task, tool by tool.

    An answer that says `not_applicable` or `cannot_assess` is a missing one. Only the shape of answers is
    checked: each was valid under its own ontology version.
    """
    item = _decode(task.item)
    if item is None:
        return Compared(failed="The item was deleted.")
    answers = [validator.load(raw) for raw in task.answers]
    silent = [answer.not_applicable or answer.cannot_assess for answer in answers]
    pairs = [(i, j) for i, j in combinations(range(len(answers)), 2)]
    tools: dict[str, ToolCompared] = {}
    for tool, settings in validator.tools:
        values = [
            None if missing else getattr(answer, tool.name)
            for answer, missing in zip(answers, silent, strict=True)
        ]
        context = validator.context(settings, item)
        tools[tool.name] = ToolCompared(_classes(tool.name, values), _scores(tool, values, pairs, context))
    return Compared(tools)


def _classes(tool: str, values: Sequence[Any]) -> dict[str, list[str | None]]:
    """Return the class of each answer to each question: classes of an item are one question, each rated label
    is one, a preference is one.
    """
    if tool == "classification":
        return {"": [None if value is None else _labels(value) for value in values]}
    if tool == "preference":
        return {"": [value.choice if value else None for value in values]}
    if tool != "ordinal":
        return {}
    rated = [{one.label: str(one.level) for one in value or ()} for value in values]
    questions = sorted({label for one in rated for label in one})
    return {label: [one.get(label) for one in rated] for label in questions}


def _labels(value: Iterable[Any]) -> str:
    """Return a set of labels as text; an item may well have none."""
    return _encode(sorted({one.label for one in value})).decode()


def _scores(
    tool: LabelType, values: Sequence[Any], pairs: Pairs, context: Context
) -> dict[str, dict[str, list[int | None]]]:
    """Return each measure's scores: of whole answers, and of each label where marks have one."""
    apart = [by_label(value) for value in values] if _is_of_marks(tool) else []
    labels = sorted({label for one in apart for label in one})
    found: dict[str, dict[str, list[int | None]]] = {}
    for name, measure in _measures(tool).items():
        found[name] = {"": [_score(values[i], values[j], measure, context) for i, j in pairs]}
        for label in labels:
            marks = [
                None if value is None else one.get(label, [])
                for value, one in zip(values, apart, strict=True)
            ]
            found[name][label] = [_label_score(marks[i], marks[j], measure, context) for i, j in pairs]
    return found


def _is_of_marks(tool: LabelType) -> bool:
    """Say whether a tool's values are marks, which can be compared label by label; classes are counted."""
    return tool.labelled and tool.name not in ("classification", "ordinal")


def _measures(tool: LabelType) -> dict[str, Measure]:
    measures: dict[str, Measure] = {OWN: tool.agreement}
    if tool.name == "tracks":
        from annotary.quality.agreement.tracks import hota_of, idf1_of

        measures |= {"idf1": idf1_of, "hota": hota_of}
    return measures


def _score(first: Any, second: Any, measure: Measure, context: Context) -> int | None:
    """Return the score of two values in millionths; None where an answer is missing."""
    if first is None or second is None:
        return None
    if first == second:
        return SCORE_UNITS
    if not first or not second:
        return 0
    return round(SCORE_UNITS * min(1.0, max(0.0, float(measure(first, second, context)))))


def _label_score(first: Any, second: Any, measure: Measure, context: Context) -> int | None:
    """Return the score of two lists of marks of one label; None where neither has one."""
    return _score(first, second, measure, context) if first or second else None
