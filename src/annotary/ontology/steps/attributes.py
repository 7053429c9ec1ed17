"""What each step does to the attributes of one mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from annotary.ontology.pointers import escape
from annotary.ontology.rules import fits
from annotary.ontology.steps import values as steps
from annotary.ontology.steps.conversion import UNDECIDED, converter, settled
from annotary.ontology.steps.trace import Trace
from annotary.ontology.values import Attribute, Label

Values = dict[str, Any]
# Changes the values of one holder of attributes (a mark, or a keyframe) at a path below the mark.
Change = Callable[[Values, Trace, str], None]
# Changes a mark, which is the program's own copy; False: the mark goes.
Operation = Callable[[dict[str, Any], Trace], bool]


def on_attributes(attribute: Attribute, change: Change) -> Operation:
    """Return the operation that applies a change wherever a mark answers this attribute."""
    per_frame = attribute.per == "frame"

    def operate(mark: dict[str, Any], trace: Trace) -> bool:
        for holder, path in _frames(mark, trace) if per_frame else ((mark, ""),):
            values = dict(holder.get("attributes", ()))
            change(values, trace, f"{path}/attributes")
            put_values(holder, values)
        return True

    return operate


def _frames(mark: dict[str, Any], trace: Trace) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield a copy of each keyframe, in its place, with its path; nothing where the tool has none."""
    if trace.frames is None:
        return
    mark[trace.frames] = frames = [dict(frame) for frame in mark[trace.frames]]
    for index, frame in enumerate(frames):
        yield frame, f"/{trace.frames}/{index}"


def put_values(holder: dict[str, Any], values: Values) -> None:
    """Store attributes in canonical order of keys; without any, the field is left out."""
    if not values:
        holder.pop("attributes", None)
        return
    values = dict(sorted(values.items())) if len(values) > 1 else values
    if "label" not in holder or "attributes" in holder:
        holder["attributes"] = values
        return
    rest = {name: value for name, value in holder.items() if name != "label"}
    label = holder["label"]
    holder.clear()
    holder.update(label=label, attributes=values, **rest)


def filled(attribute: Attribute, fill: Any, notes: bool) -> Change:
    """Return the change that gives a value where there is none; without one, it asks people.

    `notes`: that the value was left out is noted as lost.
    """
    value = None if fill is None else settled(attribute, fill)
    name = attribute.name

    def change(values: Values, trace: Trace, path: str) -> None:
        if name in values:
            return
        if value is not None:
            values[name] = value
            if notes:
                trace.lose(f"{path}/{escape(name)}", "filled", None)
        elif attribute.required:
            trace.ask(f"{path}/{escape(name)}")

    return change


def renamed(old: str, new: str) -> Change:
    """Return the change that gives an attribute another name."""

    def change(values: Values, trace: Trace, path: str) -> None:
        if old in values:
            values[new] = values.pop(old)

    return change


def removed(name: str) -> Change:
    """Return the change that drops an attribute."""

    def change(values: Values, trace: Trace, path: str) -> None:
        if name in values:
            trace.lose(f"{path}/{escape(name)}", "attribute", values.pop(name))

    return change


def retyped(old: Attribute, new: Attribute, step: steps.RetypeAttribute) -> Change:
    """Return the change of an attribute's values to another type."""
    convert, name = converter(old, new, step), old.name
    absent = None if new.default is None else settled(new, new.default)

    def change(values: Values, trace: Trace, path: str) -> None:
        if name not in values:
            return
        was = values.pop(name)
        now = convert(was)
        if now is None:
            now = UNDECIDED if new.required and absent is None else absent
            trace.lose(f"{path}/{escape(name)}", "value", was)
        if now is UNDECIDED:
            trace.ask(f"{path}/{escape(name)}")
        elif now is not None:
            values[name] = now

    return change


def undefaulted(attribute: Attribute) -> Change:
    """Return the change for an attribute whose default goes: an empty text or list is no answer then."""
    name = attribute.name

    def change(values: Values, trace: Trace, path: str) -> None:
        if values.get(name) in ("", []):
            was = values.pop(name)
            if attribute.required:
                trace.ask(f"{path}/{escape(name)}")
            else:
                trace.lose(f"{path}/{escape(name)}", "value", was)

    return change


def conforming(label: Label, per: str) -> Change:
    """Return the change of a merged mark's attributes to those that its new label has."""
    wanted = {one.name: one for one in label.attributes if one.per == per}
    fills = [filled(one, one.default, notes=True) for one in wanted.values()]

    def change(values: Values, trace: Trace, path: str) -> None:
        for name, value in list(values.items()):
            attribute = wanted.get(name)
            now = settled(attribute, value) if attribute and fits(attribute, value) else None
            if now is None:
                trace.lose(f"{path}/{escape(name)}", "attribute", values.pop(name))
            else:
                values[name] = now
        for fill in fills:
            fill(values, trace, path)

    return change
