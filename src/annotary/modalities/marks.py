"""What every labelled mark shares: its label, its attributes, and their check against a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from annotary.kernel.limits import MARKS_PER_ANSWER_MAX
from annotary.modalities.attributes import AttributeRules
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.values import Definition

_encode = msgspec.json.Encoder(order="deterministic").encode
_NAMES_SHOWN_MAX = 20


class Mark(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """One annotation of a labelled tool; subclasses add the geometry."""

    label: str
    attributes: dict[str, Any] = {}


M = TypeVar("M", bound=Mark)
Marks = Annotated[list[M], msgspec.Meta(max_length=MARKS_PER_ANSWER_MAX)]


class LabelRules:
    """The labels that one tool may use, with the attributes of each."""

    def __init__(self, definition: Definition, tool: str) -> None:
        self._tool = tool
        allowed = [label for label in definition.labels if not label.tools or tool in label.tools]
        self._known = frozenset(label.name for label in definition.labels)
        self._attributes = {label.name: AttributeRules(label.attributes) for label in allowed}
        self._bare = frozenset(name for name, rules in self._attributes.items() if rules.may_be_absent)

    def check(self, marks: list[M]) -> list[M]:
        """Return the marks with canonical attributes; raises InvalidAnswer at a wrong label or attribute."""
        bare = self._bare
        for index, mark in enumerate(marks):
            if mark.attributes or mark.label not in bare:
                return marks[:index] + [self._check(mark, at) for at, mark in enumerate(marks[index:], index)]
        return marks

    def _check(self, mark: M, index: int) -> M:
        path = f"/answer/{self._tool}/{index}"
        rules = self._attributes.get(mark.label)
        if rules is None:
            raise InvalidAnswer(path=f"{path}/label", found=mark.label, expected=self._expected(mark.label))
        attributes = rules.check(mark.attributes, f"{path}/attributes")
        return msgspec.structs.replace(mark, attributes=attributes)

    def _expected(self, label: str) -> str:
        names = list(self._attributes)
        shown = ", ".join(names[:_NAMES_SHOWN_MAX]) + (", …" if len(names) > _NAMES_SHOWN_MAX else "")
        why = "a label allowed for this tool" if label in self._known else "a label of the ontology"
        return f"{why}: {shown}"


def in_order(marks: list[M], key: Callable[[M], Any]) -> list[M]:
    """Return the marks sorted by `key`, then by attributes: the order they were drawn in has no meaning."""
    if any(mark.attributes for mark in marks):
        marks = sorted(marks, key=lambda mark: _encode(mark.attributes))
    return sorted(marks, key=key)


def label_order(definition: Definition) -> Mapping[str, int]:
    """Return each label's place in the definition."""
    return {label.name: index for index, label in enumerate(definition.labels)}
