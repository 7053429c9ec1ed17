"""What a value of an attribute becomes when the attribute's type changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from annotary.ontology.rules import fits
from annotary.ontology.steps.values import RetypeAttribute
from annotary.ontology.values import Attribute

Convert = Callable[[Any], Any]
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


class _Undecided:
    """Stands for a value that only people can choose."""


UNDECIDED: Final = _Undecided()


def as_text(value: Any) -> str:
    """Return a choice, text, number or boolean as text: 3.0 as "3", True as "true"."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value) and abs(value) < 2**53:
        value = int(value)
    return msgspec.json.encode(value).decode()


def _from_text(kind: str, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if kind == "number":
        return float(text) + 0.0 if _NUMBER.fullmatch(text) else None
    return text


def settled(attribute: Attribute, value: Any) -> Any:
    """Return a value as a canonical answer has it, or None where it means the same as no value.

    Choices stand in the ontology's order; an empty text or list counts only beside a default.
    """
    if value in ("", []) and attribute.default is None:
        return None
    if isinstance(value, list):
        return [choice for choice in attribute.choices if choice in value]
    return float(value) + 0.0 if attribute.kind == "number" and value is not None else value


def converter(old: Attribute, new: Attribute, step: RetypeAttribute) -> Convert:
    """Return the function from an old value to the new one, None (no value) or UNDECIDED."""
    unset = step.otherwise is msgspec.UNSET

    def convert(value: Any) -> Any:
        found = natural(old, new, value, step.values)
        if found is None:
            found = UNDECIDED if unset else step.otherwise
        return found if found is UNDECIDED or found is None else settled(new, found)

    return convert


def natural(old: Attribute, new: Attribute, value: Any, named: dict[str, Any]) -> Any:
    """Return what a value becomes by `named` or because it keeps its meaning; None where neither says."""
    if isinstance(value, list):
        if not new.multiple:
            return natural(old, new, value[0], named) if len(value) == 1 else None
        parts = [named.get(one, one) for one in value]
        found: Any = [each for part in parts for each in (part if isinstance(part, list) else [part])]
        found = list(dict.fromkeys(found))
    else:
        text = as_text(value)
        if text in named:
            found = named[text]
        else:
            found = value if old.kind == new.kind else _from_text(new.kind, text)
        if new.multiple and isinstance(found, str):
            found = [found]
    return found if found is not None and fits(new, found) else None


def converted_default(old: Attribute, new: Attribute, step: RetypeAttribute) -> Any:
    """Return the default under the new type, or None where there is none or it cannot become one."""
    if old.default is None:
        return None
    found = natural(old, new, old.default, step.values)
    if found is None and step.otherwise is not msgspec.UNSET:
        found = step.otherwise
    return found
