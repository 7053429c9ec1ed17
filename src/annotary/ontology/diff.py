"""What differs between two definitions, in values and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from annotary.ontology.pointers import escape
from annotary.ontology.values import Attribute, Definition, Label

_PLAIN = ("parent", "colour", "hotkey", "description", "retired", "tools")


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One difference. `path` names labels and attributes (`/labels/car/attributes/kind/maximum`)."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    words: str
    label: str | None = None
    attribute: str | None = None
    tool: str | None = None
    before: Any = None
    after: Any = None


def describe(before: Definition, after: Definition) -> tuple[Change, ...]:
    """Return what differs, labels in the new order; equal definitions have no differences."""
    return (*_tools(before, after), *_labels(before, after))


def _tools(before: Definition, after: Definition) -> Iterator[Change]:
    for tool, settings in after.tools.items():
        path = f"/tools/{escape(tool)}"
        if tool not in before.tools:
            yield Change(path, "added", f"the tool {tool} is new", tool=tool, after=settings)
        elif before.tools[tool] != settings:
            was = before.tools[tool]
            yield Change(
                path,
                "changed",
                f"the tool {tool} has the settings {_json(settings)}, before {_json(was)}",
                tool=tool,
                before=was,
                after=settings,
            )
    for tool, settings in before.tools.items():
        if tool not in after.tools:
            path = f"/tools/{escape(tool)}"
            yield Change(path, "removed", f"the tool {tool} is gone", tool=tool, before=settings)


def _labels(before: Definition, after: Definition) -> Iterator[Change]:
    old = {label.name: label for label in before.labels}
    new = {label.name: label for label in after.labels}
    for name, label in new.items():
        path = f"/labels/{escape(name)}"
        if name not in old:
            yield Change(path, "added", f"the label {name} is new", label=name, after=_builtins(label))
            continue
        yield from _label(path, old[name], label)
    for name, label in old.items():
        if name not in new:
            path = f"/labels/{escape(name)}"
            yield Change(path, "removed", f"the label {name} is gone", label=name, before=_builtins(label))
    was = [name for name in old if name in new]
    now = [name for name in new if name in old]
    if was != now:
        yield Change(
            "/labels", "moved", f"the labels stand in another order: {', '.join(now)}", before=was, after=now
        )


def _label(path: str, old: Label, new: Label) -> Iterator[Change]:
    for field in _PLAIN:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            words = f"{old.name}: {field} is {_json(now)}, before {_json(was)}"
            yield Change(f"{path}/{field}", "changed", words, label=old.name, before=was, after=now)
    yield from _attributes(f"{path}/attributes", old, new)


def _attributes(path: str, old: Label, new: Label) -> Iterator[Change]:
    was = {attribute.name: attribute for attribute in old.attributes}
    now = {attribute.name: attribute for attribute in new.attributes}
    for name, attribute in now.items():
        at = f"{path}/{escape(name)}"
        who: dict[str, Any] = {"label": new.name, "attribute": name}
        if name not in was:
            words = f"{new.name}: the attribute {name} ({attribute.kind}) is new"
            yield Change(at, "added", words, **who, after=_builtins(attribute))
            continue
        for field in Attribute.__struct_fields__:
            one, other = getattr(was[name], field), getattr(attribute, field)
            if one != other:
                words = f"{new.name}: {field} of {name} is {_json(other)}, before {_json(one)}"
                yield Change(f"{at}/{field}", "changed", words, **who, before=one, after=other)
    for name, attribute in was.items():
        if name not in now:
            words = f"{new.name}: the attribute {name} is gone"
            at = f"{path}/{escape(name)}"
            yield Change(at, "removed", words, label=new.name, attribute=name, before=_builtins(attribute))
    if [name for name in was if name in now] != [name for name in now if name in was]:
        words = f"{new.name}: the attributes stand in another order"
        yield Change(path, "moved", words, label=new.name, before=list(was), after=list(now))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _builtins(value: Any) -> Any:
    return msgspec.to_builtins(value)
