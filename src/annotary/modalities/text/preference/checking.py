"""Reads a preference and checks it against the tool's settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from annotary.kernel.limits import PREFERENCE_STRENGTH_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item, Settings
from annotary.ontology.values import Definition


class Preference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which reply is better, and how much."""

    choice: Literal["a", "b", "tie"]
    strength: int | None = None


class PreferenceSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ties` allows the choice "tie"; strengths run from 1 to `strength_max`."""

    required: bool = True
    ties: bool = True
    strength_max: Annotated[int, msgspec.Meta(ge=1, le=PREFERENCE_STRENGTH_MAX)] = 1


def narrow_preference(schema: dict[str, Any], definition: Definition, settings: PreferenceSettings) -> None:
    """Narrow the schema of a preference to the tool's settings."""
    schema["properties"]["choice"]["enum"] = ["a", "b", "tie"] if settings.ties else ["a", "b"]
    strength = schema["properties"]["strength"]["anyOf"]
    strength[strength.index({"type": "integer"})] = {
        "type": "integer",
        "minimum": 1,
        "maximum": settings.strength_max,
    }
    schema["if"] = {"properties": {"choice": {"const": "tie"}}}
    schema["then"] = {"properties": {"strength": {"type": "null"}}}


def compile_preference(
    definition: Definition, settings: PreferenceSettings
) -> Callable[[Preference, Item], Preference]:
    """Return the check of this tool's values under one definition's settings."""

    def check(value: Preference, item: Item) -> Preference:
        if value.choice == "tie":
            if not settings.ties:
                raise InvalidAnswer(
                    path="/answer/preference/choice", found="tie", expected="a or b: ties are not allowed"
                )
            if value.strength is not None:
                raise InvalidAnswer(
                    path="/answer/preference/strength",
                    found=value.strength,
                    expected="no strength: a tie has none",
                )
            return value
        strength = 1 if value.strength is None else value.strength
        if not 1 <= strength <= settings.strength_max:
            expected = f"1 to {settings.strength_max}"
            raise InvalidAnswer(path="/answer/preference/strength", found=strength, expected=expected)
        return Preference(value.choice, strength if settings.strength_max > 1 else None)

    return check
