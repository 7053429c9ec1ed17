"""Whether a mark fulfils conditions: its tool, its attributes, its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotary.ontology.steps.values import Condition

_ABSENT = object()


def holds(conditions: Sequence[Condition], tool: str, mark: Mapping[str, Any]) -> bool:
    """Return whether all conditions hold of a mark (as decoded JSON) of this tool."""
    return all(_holds(one, _subject(one, tool, mark)) for one in conditions)


def _subject(condition: Condition, tool: str, mark: Mapping[str, Any]) -> Any:
    if condition.tool is not None:
        return tool
    if condition.attribute is not None:
        return mark.get("attributes", {}).get(condition.attribute, _ABSENT)
    return measure(mark, condition.shape or "")


def _holds(condition: Condition, value: Any) -> bool:
    if condition.tool is not None and value != condition.tool:
        return False
    if value is _ABSENT or condition.absent:
        return condition.absent and value is _ABSENT
    values = value if isinstance(value, list) else [value]
    if condition.equals is not None and not any(_same(one, condition.equals) for one in values):
        return False
    if condition.one_of and not any(_same(one, other) for one in values for other in condition.one_of):
        return False
    if condition.at_least is None and condition.at_most is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = condition.at_least is None or value >= condition.at_least
    return low and (condition.at_most is None or value <= condition.at_most)


def _same(one: Any, other: Any) -> bool:
    """True is not 1: JSON tells them apart."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def measure(mark: Mapping[str, Any], name: str) -> Any:
    """Return a number of a mark's shape by name, or a stand-in that equals nothing where it has none."""
    computed = _MEASURES.get(name)
    try:
        value = computed(mark) if computed else mark[name]
    except (KeyError, TypeError, ZeroDivisionError):
        return _ABSENT
    return value if isinstance(value, int | float) else _ABSENT


def _area(mark: Mapping[str, Any]) -> float:
    if "points" not in mark:
        return float(mark["width"] * mark["height"])
    points = mark["points"]
    turned = zip(points, [*points[1:], points[0]], strict=True)
    return float(abs(sum(x * below - left * y for (x, y), (left, below) in turned)) / 2)


def _length(mark: Mapping[str, Any]) -> int:
    if "start" in mark:
        return int(mark["end"] - mark["start"])
    if "keyframes" in mark:
        return int(mark["keyframes"][-1]["frame"] - mark["keyframes"][0]["frame"] + 1)
    return int(mark["end_frame"] - mark["start_frame"])


def _points(mark: Mapping[str, Any]) -> int:
    return len(mark["points"] if "points" in mark else mark["keyframes"])


_MEASURES: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
    "area": _area,
    "aspect": lambda mark: float(mark["width"] / mark["height"]),
    "length": _length,
    "points": _points,
}
