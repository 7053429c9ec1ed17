"""The marks of one tool as a canonical answer has them: each once, in order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from operator import itemgetter
from typing import Any

import msgspec

from annotary.ontology.steps.trace import Trace
from annotary.ontology.steps.values import ToolRules
from annotary.ontology.values import Definition

Marks = list[dict[str, Any]]
_encode = msgspec.json.Encoder(order="deterministic").encode


class Arrangement:
    """How the marks of one tool stand in an answer under the new definition."""

    def __init__(self, tool: str, rules: ToolRules, before: Definition, after: Definition) -> None:
        self._rules = rules
        self._place = {label.name: index for index, label in enumerate(after.labels)}
        self._key = _getter(rules.order, rules.nested)
        self._identity = _getter(rules.unique, rules.nested)
        self._wanted = _in_use(tool, after) - rules.optional if rules.complete else set()
        self.asks_more = bool(self._wanted - _in_use(tool, before))

    def arranged(self, marks: Marks, places: list[int], trace: Trace) -> Marks:
        """Return the marks without repetitions and in order; `places` are where they stood before."""
        if self._identity is not None and len(marks) > 1:
            marks = self._once(marks, places, trace)
        if (self._rules.single and len(marks) > 1) or self._wanted - {mark["label"] for mark in marks}:
            trace.ambiguous.append(f"/{trace.tool}")
        return self._sorted(marks) if len(marks) > 1 else marks

    def _once(self, marks: Marks, places: list[int], trace: Trace) -> Marks:
        """Labels that became one may have made two marks the same; where they contradict, people decide."""
        assert self._identity is not None
        kept: dict[Any, dict[str, Any]] = {}
        for mark, place in zip(marks, places, strict=True):
            first = kept.setdefault(self._identity(mark), mark)
            if first is mark:
                continue
            trace.index = place
            if first == mark:
                trace.lose("", "duplicate", mark)
            else:
                trace.ask("/label")
        return list(kept.values())

    def _sorted(self, marks: Marks) -> Marks:
        if self._rules.by_label:
            place = self._place
            return sorted(marks, key=lambda mark: place.get(mark["label"], -1))
        key = self._key
        if key is None:
            return marks
        keys = [key(mark) for mark in marks]
        if all(one < other for one, other in pairwise(keys)):
            return marks
        if any("attributes" in mark for mark in marks):
            marks = sorted(marks, key=lambda mark: _encode(mark.get("attributes", {})))
        return sorted(marks, key=key)


def _getter(fields: tuple[str, ...], nested: bool) -> Callable[[dict[str, Any]], Any] | None:
    if not fields:
        return None
    if not nested:
        return itemgetter(*fields)
    return lambda mark: tuple(flat(mark.get(field, [])) for field in fields)


def flat(value: Any) -> Any:
    """Return a value of JSON that sorts and hashes: absent below present, objects by fields in order."""
    if isinstance(value, dict):
        return tuple((name, flat(one)) for name, one in value.items())
    return tuple(map(flat, value)) if isinstance(value, list) else value


def _in_use(tool: str, definition: Definition) -> set[str]:
    return {
        label.name
        for label in definition.labels
        if not label.retired and (not label.tools or tool in label.tools)
    }
