"""What every labelled mark shares: its label, its attributes, and their check against a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter, eq
from typing import Annotated, Any, TypeVar

import msgspec

from annotary.kernel.limits import MARKS_PER_ANSWER_MAX
from annotary.modalities.attributes import AttributeRules
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.values import Attribute, Definition, Label

_encode = msgspec.json.Encoder(order="deterministic").encode
_attributes = attrgetter("attributes")
_NAMES_SHOWN_MAX = 20


class Mark(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """One annotation of a labelled tool; subclasses add the geometry."""

    label: str
    attributes: dict[str, Any] = {}


class CheckedMark(msgspec.Struct, frozen=True):
    """A mark whose label and attributes were checked while it was decoded (`modalities.compiled`)."""


def were_checked(marks: Sequence[object]) -> bool:
    """Return whether labels and attributes were checked while the marks were decoded."""
    return bool(marks) and isinstance(marks[0], CheckedMark)


M = TypeVar("M", bound=Mark)
Marks = Annotated[list[M], msgspec.Meta(max_length=MARKS_PER_ANSWER_MAX)]


class LabelRules:
    """The labels that one tool may use, with the attributes of each."""

    def __init__(self, definition: Definition, tool: str) -> None:
        self._tool = tool
        allowed = labels_of(definition, tool)
        self._known = frozenset(label.name for label in definition.labels)
        self._attributes = {label.name: AttributeRules(attributes_of(label, "mark")) for label in allowed}
        self._bare = frozenset(name for name, rules in self._attributes.items() if rules.may_be_absent)

    def check(self, marks: list[M]) -> list[M]:
        """Return the marks with canonical attributes; raises InvalidAnswer at a wrong label or attribute."""
        if were_checked(marks):
            return marks
        bare = self._bare
        for index, mark in enumerate(marks):
            if mark.attributes or mark.label not in bare:
                return marks[:index] + [self._check(mark, at) for at, mark in enumerate(marks[index:], index)]
        return marks

    def _check(self, mark: M, index: int) -> M:
        values, label = mark.attributes, mark.label
        if not values and label in self._bare:
            return mark
        rules = self._attributes.get(label)
        path = f"/answer/{self._tool}/{index}"
        if rules is None:
            raise InvalidAnswer(path=f"{path}/label", found=label, expected=self._expected(label))
        attributes = rules.check(values, f"{path}/attributes")
        return msgspec.structs.replace(mark, attributes=attributes)

    def _expected(self, label: str) -> str:
        names = list(self._attributes)
        shown = ", ".join(names[:_NAMES_SHOWN_MAX]) + (", …" if len(names) > _NAMES_SHOWN_MAX else "")
        why = "a label allowed for this tool" if label in self._known else "a label of the ontology"
        return f"{why}: {shown}"


def by_label(marks: Iterable[M] | None) -> dict[str, list[M]]:
    """Return marks by their label, in their order; None has none."""
    found: dict[str, list[M]] = {}
    for mark in marks or ():
        found.setdefault(mark.label, []).append(mark)
    return found


def in_order(marks: list[M], key: Callable[[M], Any]) -> list[M]:
    """Return the marks sorted by `key`, then by attributes: the order they were drawn in has no meaning."""
    ordered = sorted(marks, key=key)
    if any(map(_attributes, marks)):
        keys = list(map(key, ordered))
        if any(map(eq, keys, keys[1:])):
            return sorted(sorted(marks, key=lambda mark: _encode(mark.attributes or {})), key=key)
    return ordered


def labels_of(definition: Definition, tool: str) -> list[Label]:
    """Return the labels that a tool may use, retired ones too."""
    return [label for label in definition.labels if not label.tools or tool in label.tools]


def attributes_of(label: Label, per: str) -> tuple[Attribute, ...]:
    """Return the attributes that are asked once a mark, or at each keyframe (`frame`)."""
    return tuple(attribute for attribute in label.attributes if attribute.per == per)


def label_order(definition: Definition) -> Mapping[str, int]:
    """Return each label's place in the definition."""
    return {label.name: index for index, label in enumerate(definition.labels)}
