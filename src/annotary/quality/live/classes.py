"""Which projects' answers are classes, and which class an answer gives; pure.

A class is named by the shortest canonical answer that gives it, such as `{"preference":{"choice":"a"}}`:
without attributes, strength or justification. So one that only the model believes in can be made an outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from annotary.kernel.limits import CLASSES_FORESEEN_MAX
from annotary.ontology.values import Definition

# For each label type of single classes: the fields of its value that tell them apart, the telling one last.
_FIELDS = {"classification": ("label",), "preference": ("choice",), "ordinal": ("label", "level")}
NOT_APPLICABLE = '{"not_applicable":true}'
NO_CLASS = "{}"
ABSTAINED = ""
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder(order="deterministic").encode


class NotAClass(ValueError):
    """The answer says something else than one class."""


def class_tool(definition: Definition) -> str | None:
    """Return the only tool of a definition whose answers are classes; None where they are something else.

    These are: one class of several, a preference, and a rating of one label.
    """
    if len(definition.tools) != 1:
        return None
    ((tool, settings),) = definition.tools.items()
    if tool not in _FIELDS or settings.get("multiple"):
        return None
    return None if tool == "ordinal" and len(_labels(definition, tool)) != 1 else tool


def class_of(answer: str, tool: str) -> str:
    """Return the class that a canonical answer gives, or ABSTAINED; raises NotAClass."""
    given = _decode(answer)
    if given.get("cannot_assess"):
        return ABSTAINED
    if given.get("not_applicable"):
        return NOT_APPLICABLE
    if given.keys() - {tool, "justification"}:
        raise NotAClass(answer)
    value = given.get(tool)
    if not value:
        return NO_CLASS
    if not isinstance(value, list):
        return _key(tool, value)
    if len(value) > 1:
        raise NotAClass(answer)
    return _key(tool, value[0])


def class_name(key: str) -> str:
    """Return what people call a class; `key` is as `class_of` returned it."""
    if key in (NO_CLASS, NOT_APPLICABLE):
        return "none" if key == NO_CLASS else "not applicable"
    ((tool, value),) = _decode(key).items()
    return str((value[0] if isinstance(value, list) else value)[_FIELDS[tool][-1]])


def in_order(keys: Iterable[str]) -> list[str]:
    """Return classes as aggregators number them: by value where all are whole numbers, else by name."""
    named = [(class_name(key), key) for key in keys]
    if all(name.removeprefix("-").isdecimal() for name, _ in named):
        return [key for _, key in sorted(named, key=lambda one: (int(one[0]), one[1]))]
    return [key for _, key in sorted(named)]


def foreseen(definition: Definition, tool: str) -> list[str]:
    """Return the classes that answers can give, as far as they are few.

    Else the first answers of one class would look as if there were no other.
    """
    settings = definition.tools[tool]
    labels = _labels(definition, tool)
    values: list[dict[str, Any]] = [{"label": label} for label in labels]
    if tool == "preference":
        values = [
            {"choice": choice}
            for choice in ("a", "b", "tie")
            if choice != "tie" or settings.get("ties", True)
        ]
    if tool == "ordinal":
        scale = settings.get("scales", {}).get(labels[0], settings)
        levels = range(scale.get("minimum", 1), scale.get("maximum", 5) + 1)
        values = [{"label": labels[0], "level": level} for level in levels]
    return in_order(_key(tool, value) for value in values) if len(values) <= CLASSES_FORESEEN_MAX else []


def _key(tool: str, value: dict[str, Any]) -> str:
    kept = {field: value[field] for field in _FIELDS[tool]}
    return _encode({tool: kept if tool == "preference" else [kept]}).decode()


def _labels(definition: Definition, tool: str) -> list[str]:
    return [label.name for label in definition.labels if not label.tools or tool in label.tools]
