"""Reads scores and checks them against the criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import JUSTIFICATION_CHARACTERS_MAX, RUBRIC_CRITERIA_MAX
from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.modalities.label_type import Item
from annotary.modalities.text.rubric.criteria import Criterion, RubricSettings, Score
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.pointers import escape
from annotary.ontology.values import Definition

_SCORES, _REASONS = "/answer/rubric/scores", "/answer/rubric/justifications"
_Few = msgspec.Meta(max_length=RUBRIC_CRITERIA_MAX)
_TEXT = {"type": "string", "maxLength": JUSTIFICATION_CHARACTERS_MAX, "pattern": "^[^\\u0000]*$"}


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Scores, and reasons for them, by criterion; the check sees to what each holds, so as to name it."""

    scores: Annotated[dict[str, Any], _Few]
    justifications: Annotated[dict[str, Any], _Few] = {}


def narrow_rubric(schema: dict[str, Any], definition: Definition, settings: RubricSettings) -> None:
    """Narrow the schema of scores to the criteria."""
    required = [one.name for one in settings.criteria if one.required]
    schema["properties"]["scores"] = {
        "type": "object",
        "properties": {one.name: _schema_of(one) for one in settings.criteria},
        "additionalProperties": False,
        "minProperties": 1,
    } | ({"required": required} if required else {})
    schema["properties"]["justifications"] = {
        "type": "object",
        "properties": {one.name: _TEXT for one in settings.criteria},
        "additionalProperties": False,
    }


def _schema_of(criterion: Criterion) -> dict[str, Any]:
    if criterion.scale is None:
        return {"enum": list(criterion.choices)}
    return {"type": "integer", "minimum": criterion.scale[0], "maximum": criterion.scale[1]}


def compile_rubric(definition: Definition, settings: RubricSettings) -> Callable[[Rubric, Item], Rubric]:
    """Return the check of this tool's values under one definition's settings."""
    criteria = {one.name: one for one in settings.criteria}
    if not criteria:
        path = "/definition/tools/rubric/criteria"
        raise InvalidOntology(path=path, found=[], expected="at least one criterion")

    def check(value: Rubric, item: Item) -> Rubric:
        scores = _checked_scores(value.scores, criteria)
        reasons = _checked_reasons(value.justifications, scores)
        for name in scores:
            if settings.justify and name not in reasons:
                path = f"{_REASONS}/{escape(name)}"
                raise InvalidAnswer(path=path, found=NOTHING, expected="a reason for this score")
        return Rubric(scores, reasons)

    return check


def _checked_scores(given: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> dict[str, Score]:
    for name, score in given.items():
        path = f"{_SCORES}/{escape(name)}"
        if name not in criteria:
            raise InvalidAnswer(path=path, found=name, expected=f"a criterion: {', '.join(criteria)}")
        if not criteria[name].allows(score):
            raise InvalidAnswer(path=path, found=score, expected=_expected(criteria[name]))
    for name, criterion in criteria.items():
        if criterion.required and name not in given:
            path = f"{_SCORES}/{escape(name)}"
            raise InvalidAnswer(path=path, found=NOTHING, expected=_expected(criterion))
    if not given:
        raise InvalidAnswer(path=_SCORES, found={}, expected="a score by at least one criterion")
    return dict(sorted(given.items()))


def _checked_reasons(given: Mapping[str, Any], scores: Mapping[str, Score]) -> dict[str, str]:
    for name, reason in given.items():
        path = f"{_REASONS}/{escape(name)}"
        if name not in scores:
            raise InvalidAnswer(path=path, found=name, expected="a criterion that has a score")
        if not isinstance(reason, str) or "\0" in reason or len(reason) > JUSTIFICATION_CHARACTERS_MAX:
            expected = f"a text of at most {JUSTIFICATION_CHARACTERS_MAX} characters, without NUL"
            raise InvalidAnswer(path=path, found=reason, expected=expected)
    return {name: reason for name, reason in sorted(given.items()) if reason.strip()}


def _expected(criterion: Criterion) -> str:
    if criterion.scale is None:
        return f"one of {', '.join(criterion.choices)}"
    return f"a whole number from {criterion.scale[0]} to {criterion.scale[1]}"
