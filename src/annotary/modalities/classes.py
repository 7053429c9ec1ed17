"""Classification, the same for every medium: which labels an item as a whole bears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Example, Item, LabelType, Settings
from annotary.modalities.marks import LabelRules, Mark, Marks, label_order
from annotary.ontology.steps.values import ToolRules
from annotary.ontology.values import Definition


class Classification(
    Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """One class that the item belongs to."""


class ClassificationSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`multiple` allows several classes at once; without it, one at most."""

    required: bool = True
    multiple: bool = False


def classification(modality: str, item_type: type[msgspec.Struct], example: Example) -> LabelType:
    """Return the classification label type of one modality."""
    return LabelType(
        name="classification",
        modality=modality,
        settings_type=ClassificationSettings,
        value_type=Marks[Classification],
        item_type=item_type,
        example=example,
        compile=_compile,
        consensus="annotary.modalities.classes_consensus",
        narrow=_narrow,
        marks=ToolRules(by_label=True, unique=("label",)),
    )


def _narrow(schema: dict[str, Any], definition: Definition, settings: ClassificationSettings) -> None:
    if not settings.multiple:
        schema["maxItems"] = 1


def _compile(definition: Definition, settings: ClassificationSettings) -> Callable[[Any, Item], Any]:
    rules = LabelRules(definition, "classification")
    order = label_order(definition)

    def check(value: list[Classification], item: Item) -> list[Classification]:
        if len(value) > 1 and not settings.multiple:
            names = [one.label for one in value]
            raise InvalidAnswer(path="/answer/classification", found=names, expected="one class at most")
        value = rules.check(value)
        seen: set[str] = set()
        for index, one in enumerate(value):
            if one.label in seen:
                path = f"/answer/classification/{index}/label"
                raise InvalidAnswer(path=path, found=one.label, expected="each class at most once")
            seen.add(one.label)
        return sorted(value, key=lambda one: order[one.label])

    return check
