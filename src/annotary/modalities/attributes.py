"""The attributes of a mark: their check against the ontology, and their canonical values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from annotary.kernel.limits import ATTRIBUTE_TEXT_CHARACTERS_MAX
from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.ontology.pointers import escape
from annotary.ontology.values import Attribute

Accept = Callable[[Any], Any]
_REFUSED: Final = object()


class AttributeRules:
    """The attributes of one label. Canonical: absent ones at their default, numbers as floats.

    An empty text or an empty list of choices means the same as no answer, so it is dropped, save where a
    default would take its place.
    """

    def __init__(self, attributes: tuple[Attribute, ...]) -> None:
        self._attributes = {attribute.name: attribute for attribute in attributes}
        self._accepts = {one.name: _accept(one) for one in attributes}
        self._wanted = tuple(one.name for one in attributes if one.required or one.default is not None)
        self.may_be_absent = not self._wanted

    def check(self, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return canonical values; raises InvalidAnswer for an unknown, ill-typed or missing attribute."""
        canonical: dict[str, Any] = {}
        accepts = self._accepts
        for name, value in values.items():
            accept = accepts.get(name)
            if accept is None:
                known = ", ".join(self._attributes) or "none"
                expected = f"an attribute of this label (it has: {known})"
                raise InvalidAnswer(path=f"{path}/{escape(name)}", found=name, expected=expected)
            found = accept(value)
            if found is _REFUSED:
                raise self._refusal(name, value, path)
            if found is not None:
                canonical[name] = found
        for name in self._wanted:
            if name not in canonical:
                default = self._attributes[name].default
                if default is None:
                    raise self._refusal(name, values.get(name, NOTHING), path)
                canonical[name] = accepts[name](default)
        return canonical

    def _refusal(self, name: str, value: Any, path: str) -> InvalidAnswer:
        attribute = self._attributes[name]
        path = f"{path}/{escape(name)}"
        if attribute.multiple and isinstance(value, list):
            seen: set[Any] = set()
            for index, one in enumerate(value):
                if not isinstance(one, str) or one not in attribute.choices or one in seen:
                    expected = f"each choice at most once, of: {', '.join(attribute.choices)}"
                    return InvalidAnswer(path=f"{path}/{index}", found=one, expected=expected)
                seen.add(one)
        return InvalidAnswer(path=path, found=value, expected=_expected(attribute))


def _accept(attribute: Attribute) -> Accept:
    """Return what makes a value canonical: None where it means no answer, _REFUSED where it is wrong."""
    if attribute.kind == "boolean":
        return lambda value: value if value is True or value is False else _REFUSED
    if attribute.kind == "text":
        return _accept_text(None if attribute.default is None else "")
    if attribute.kind == "number":
        return _accept_number(attribute)
    if attribute.multiple:
        return _accept_choices(attribute)
    choices = frozenset(attribute.choices)
    return lambda value: value if value.__class__ is str and value in choices else _REFUSED


def _accept_text(empty: str | None) -> Accept:
    def accept(value: Any) -> Any:
        if value.__class__ is not str or len(value) > ATTRIBUTE_TEXT_CHARACTERS_MAX or "\0" in value:
            return _REFUSED
        return value or empty

    return accept


def _accept_number(attribute: Attribute) -> Accept:
    low = -math.inf if attribute.minimum is None else attribute.minimum
    high = math.inf if attribute.maximum is None else attribute.maximum

    def accept(value: Any) -> Any:
        if value.__class__ is int:
            try:
                value = float(value)
            except OverflowError:
                return _REFUSED
        if value.__class__ is not float or not low <= value <= high or value - value != 0.0:
            return _REFUSED  # infinity minus infinity is not a number
        return value + 0.0  # turns -0.0 into 0.0

    return accept


def _accept_choices(attribute: Attribute) -> Accept:
    order = {choice: place for place, choice in enumerate(attribute.choices)}
    empty: list[str] | None = None if attribute.default is None else []

    def accept(value: Any) -> Any:
        if value.__class__ is not list:
            return _REFUSED
        for one in value:
            if one.__class__ is not str or one not in order:
                return _REFUSED
        if len(set(value)) < len(value):
            return _REFUSED
        return sorted(value, key=order.__getitem__) or empty

    return accept


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
