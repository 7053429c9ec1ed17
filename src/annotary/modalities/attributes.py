"""The attributes of a mark: their check against the ontology, and their canonical values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from annotary.kernel.limits import ATTRIBUTE_TEXT_CHARACTERS_MAX
from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.ontology.pointers import escape
from annotary.ontology.values import Attribute


class AttributeRules:
    """The attributes of one label. Canonical: absent ones at their default, numbers as floats.

    An empty text or an empty list of choices means the same as no answer, so it is dropped, save where a
    default would take its place.
    """

    def __init__(self, attributes: tuple[Attribute, ...]) -> None:
        self._attributes = {attribute.name: attribute for attribute in attributes}
        self._defaults = {one.name: _canonical_default(one) for one in attributes if one.default is not None}
        self.may_be_absent = not self._defaults and not any(one.required for one in attributes)

    def check(self, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return canonical values; raises InvalidAnswer for an unknown, ill-typed or missing attribute."""
        for name in values:
            if name not in self._attributes:
                known = ", ".join(self._attributes) or "none"
                expected = f"an attribute of this label (it has: {known})"
                raise InvalidAnswer(path=f"{path}/{escape(name)}", found=name, expected=expected)
        canonical: dict[str, Any] = {}
        for name, attribute in self._attributes.items():
            value = _check(attribute, values[name], f"{path}/{escape(name)}") if name in values else None
            if value is None or (value in ("", []) and attribute.default is None):
                value = self._defaults.get(name)
            if value is not None:
                canonical[name] = value
            elif attribute.required:
                raise InvalidAnswer(
                    path=f"{path}/{escape(name)}",
                    found=values.get(name, NOTHING),
                    expected=_expected(attribute),
                )
        return canonical


def _check(attribute: Attribute, value: Any, path: str) -> Any:
    kind = attribute.kind
    if kind == "boolean" and isinstance(value, bool):
        return value
    if (
        kind == "text"
        and isinstance(value, str)
        and len(value) <= ATTRIBUTE_TEXT_CHARACTERS_MAX
        and "\0" not in value
    ):
        return value
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return _check_number(attribute, value, path)
    if kind == "choice" and attribute.multiple and isinstance(value, list):
        return _check_choices(attribute, value, path)
    if kind == "choice" and not attribute.multiple and isinstance(value, str) and value in attribute.choices:
        return value
    raise InvalidAnswer(path=path, found=value, expected=_expected(attribute))


def _check_number(attribute: Attribute, value: float, path: str) -> float:
    try:
        number = float(value) + 0.0  # turns -0.0 into 0.0
    except OverflowError:
        number = math.inf
    low = -math.inf if attribute.minimum is None else attribute.minimum
    high = math.inf if attribute.maximum is None else attribute.maximum
    if not math.isfinite(number) or not low <= number <= high:
        raise InvalidAnswer(path=path, found=value, expected=_expected(attribute))
    return number


def _check_choices(attribute: Attribute, values: list[Any], path: str) -> list[str]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if not isinstance(value, str) or value not in attribute.choices or value in seen:
            expected = f"each choice at most once, of: {', '.join(attribute.choices)}"
            raise InvalidAnswer(path=f"{path}/{index}", found=value, expected=expected)
        seen.add(value)
    return [choice for choice in attribute.choices if choice in seen]


def _canonical_default(attribute: Attribute) -> Any:
    return _check(attribute, attribute.default, "/definition")


def _expected(attribute: Attribute) -> str:
    if attribute.kind == "choice":
        start = "a list of choices" if attribute.multiple else "one choice"
        return f"{start} of: {', '.join(attribute.choices)}"
    if attribute.kind == "number":
        low = "" if attribute.minimum is None else f" of at least {attribute.minimum:g}"
        high = (
            "" if attribute.maximum is None else f"{' and' if low else ' of'} at most {attribute.maximum:g}"
        )
        return f"a finite number{low}{high}"
    if attribute.kind == "text":
        return f"a text of at most {ATTRIBUTE_TEXT_CHARACTERS_MAX} characters without NUL"
    return "true or false"
