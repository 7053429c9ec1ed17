"""Ordinal ratings, the same for every medium: each label is a question that is answered on a scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from annotary.kernel.limits import SCALE_LEVELS_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Example, Item, LabelType, Settings
from annotary.modalities.marks import LabelRules, Mark, Marks, label_order, labels_of
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.pointers import escape
from annotary.ontology.steps.values import ToolRules
from annotary.ontology.values import Definition


class Rating(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """The level that one label has: a whole number on its scale."""

    level: int


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whole numbers from `minimum` to `maximum`, both included."""

    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        """Refuse a scale without two levels, and one too long to be read."""
        check_levels(self.minimum, self.maximum)


class OrdinalSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Levels run from `minimum` to `maximum`, save for labels with a scale of their own in `scales`.

    `complete` wants every label rated.
    """

    required: bool = True
    minimum: int = 1
    maximum: int = 5
    scales: dict[str, Scale] = msgspec.field(default_factory=dict)
    complete: bool = True

    def __post_init__(self) -> None:
        """Refuse a scale without two levels, and one too long to be read."""
        check_levels(self.minimum, self.maximum)

    def scale(self, label: str) -> Scale:
        """Return the scale of a label."""
        return self.scales.get(label) or Scale(self.minimum, self.maximum)


def check_levels(minimum: int, maximum: int) -> None:
    """Raise ValueError for what is no scale."""
    if not minimum < maximum < minimum + SCALE_LEVELS_MAX:
        raise ValueError(f"a maximum above the minimum, and at most {SCALE_LEVELS_MAX} levels")


def ordinal(modality: str, item_type: type[msgspec.Struct], example: Example) -> LabelType:
    """Return the ordinal label type of one modality."""
    return LabelType(
        name="ordinal",
        modality=modality,
        settings_type=OrdinalSettings,
        value_type=Marks[Rating],
        item_type=item_type,
        example=example,
        compile=_compile,
        consensus="annotary.modalities.ratings_consensus",
        narrow=_narrow,
        marks=ToolRules(by_label=True, unique=("label",)),
    )


def _narrow(schema: dict[str, Any], definition: Definition, settings: OrdinalSettings) -> None:
    mark = schema["items"]
    others = {"not": {"enum": list(settings.scales)}}, Scale(settings.minimum, settings.maximum)
    for labels, scale in (*(({"const": name}, scale) for name, scale in settings.scales.items()), others):
        level = {"minimum": scale.minimum, "maximum": scale.maximum}
        mark["allOf"].append(
            {"if": {"properties": {"label": labels}}, "then": {"properties": {"level": level}}}
        )
    if settings.complete:
        offered = [label.name for label in labels_of(definition, "ordinal") if not label.retired]
        each = [{"contains": {"properties": {"label": {"const": name}}}} for name in offered]
        schema["anyOf"] = [{"maxItems": 0}, {"allOf": each}]


def _compile(definition: Definition, settings: OrdinalSettings) -> Callable[[Any, Item], Any]:
    rules = LabelRules(definition, "ordinal")
    order = label_order(definition)
    allowed = [label.name for label in labels_of(definition, "ordinal")]
    offered = [label.name for label in labels_of(definition, "ordinal") if not label.retired]
    check_scales("ordinal", settings.scales, allowed)
    scales = {name: settings.scale(name) for name in allowed}

    def check(value: list[Rating], item: Item) -> list[Rating]:
        value = rules.check(value)
        rated: set[str] = set()
        for index, one in enumerate(value):
            check_level(one.level, scales[one.label], f"/answer/ordinal/{index}/level")
            if one.label in rated:
                path = f"/answer/ordinal/{index}/label"
                raise InvalidAnswer(path=path, found=one.label, expected="each label rated at most once")
            rated.add(one.label)
        missing = [name for name in offered if name not in rated]
        if missing and settings.complete:
            expected = f"a rating of every label; {', '.join(missing)} has none"
            raise InvalidAnswer(path="/answer/ordinal", found=sorted(rated), expected=expected)
        return sorted(value, key=lambda one: order[one.label])

    return check


def check_level(level: int, scale: Scale, path: str) -> None:
    """Raise InvalidAnswer for a level that is not on its scale."""
    if not scale.minimum <= level <= scale.maximum:
        expected = f"{scale.minimum} to {scale.maximum}, the scale asked for"
        raise InvalidAnswer(path=path, found=level, expected=expected)


def check_scales(tool: str, scales: Mapping[str, Any], allowed: list[str]) -> None:
    """Raise InvalidOntology for a scale of what is no label of the tool."""
    for name in scales:
        if name not in allowed:
            path = f"/definition/tools/{tool}/scales/{escape(name)}"
            raise InvalidOntology(
                path=path, found=name, expected=f"a label for this tool: {', '.join(allowed)}"
            )
