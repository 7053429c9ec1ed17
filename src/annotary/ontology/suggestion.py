"""The steps from one definition to another, as far as there is only one way to read the difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypedDict

import msgspec

from annotary.ontology.diff import Change, describe
from annotary.ontology.errors import InvalidStep
from annotary.ontology.steps import values as steps
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.values import Step
from annotary.ontology.values import Attribute, Definition, Label


class Suggestion(NamedTuple):
    """Steps that lead towards a definition, and the differences that they leave to people.

    What is gone may have been renamed, merged or removed: nobody but people knows. Where `undecided` is
    empty, the steps lead to the definition exactly.
    """

    steps: tuple[Step, ...]
    undecided: tuple[Change, ...]


def suggest(before: Definition, after: Definition) -> Suggestion:
    """Return steps that add and change what both definitions name; what is gone is left to people."""
    undecided = [change for change in describe(before, after) if change.kind == "removed"]
    chain: list[Step] = []
    now = before
    for step in _candidates(before, after):
        try:
            now = to_definition(now, [step])
            chain.append(step)
        except InvalidStep as error:
            undecided.append(Change(_path_of(step), "changed", f"no single step leads there: {error.detail}"))
    if not undecided:
        for step in _orders(now, after):
            now = to_definition(now, [step])
            chain.append(step)
    return Suggestion(tuple(chain), tuple(undecided))


def _path_of(step: Step) -> str:
    label = getattr(step, "label", None)
    return f"/labels/{label}" if isinstance(label, str) else "/tools"


def _candidates(before: Definition, after: Definition) -> Iterator[Step]:
    old = {label.name: label for label in before.labels}
    for tool, settings in after.tools.items():
        if tool not in before.tools:
            yield steps.AddTool(tool=tool, settings=settings)
        elif before.tools[tool] != settings:
            yield steps.ChangeTool(tool=tool, settings=settings)
    # Keys and parents that change are freed first: two labels may swap them.
    for label in after.labels:
        was = old.get(label.name)
        if was and was.hotkey and was.hotkey != label.hotkey:
            yield steps.DescribeLabel(label=label.name, hotkey=None)
        if was and was.parent and was.parent != label.parent:
            yield steps.MoveLabel(label=label.name, parent=None)
    for label in after.labels:
        if label.name not in old:
            yield steps.AddLabel(label=msgspec.structs.replace(label, parent=None, hotkey=None))
    for label in after.labels:
        was = old.get(label.name, msgspec.structs.replace(label, parent=None, hotkey=None))
        yield from _label(was, label)


def _label(old: Label, new: Label) -> Iterator[Step]:
    name = new.name
    if old.parent != new.parent and new.parent is not None:
        yield steps.MoveLabel(label=name, parent=new.parent)
    if old.retired != new.retired:
        yield steps.RetireLabel(label=name) if new.retired else steps.RestoreLabel(label=name)
    said = {
        field: getattr(new, field)
        for field in ("colour", "hotkey", "description")
        if getattr(old, field) != getattr(new, field) and not (field == "hotkey" and new.hotkey is None)
    }
    if said:
        yield steps.DescribeLabel(label=name, **said)
    if old.tools != new.tools:
        yield steps.ChangeShapes(label=name, tools=new.tools)
    was = {attribute.name: attribute for attribute in old.attributes}
    for attribute in new.attributes:
        if attribute.name in was:
            yield from _attribute(name, was[attribute.name], attribute)
        else:
            yield steps.AddAttribute(label=name, attribute=attribute)


class _Names(TypedDict):
    label: str
    attribute: str


def _attribute(label: str, old: Attribute, new: Attribute) -> Iterator[Step]:
    names = _Names(label=label, attribute=new.name)
    kinds = [
        steps.Kind(**{field: getattr(one, field) for field in steps.Kind.__struct_fields__})
        for one in (old, new)
    ]
    if kinds[0] != kinds[1]:
        yield steps.RetypeAttribute(**names, to=kinds[1])
    if old.default != new.default or (kinds[0] != kinds[1] and new.default is not None):
        yield steps.SetDefault(**names, default=new.default)
    if old.required != new.required:
        yield steps.Require(**names) if new.required else steps.Relax(**names)
    if old.per != new.per:
        # No step moves values between tracks and keyframes: the definition would not be reached.
        yield steps.RenameAttribute(**names, to=new.name)


def _orders(now: Definition, after: Definition) -> Iterator[Step]:
    """Put labels and attributes in the new order, from the first place to the last."""
    names = [label.name for label in now.labels]
    for place, label in enumerate(after.labels):
        if names[place] != label.name:
            names.remove(label.name)
            names.insert(place, label.name)
            yield steps.MoveLabel(label=label.name, parent=label.parent, at=place)
    held = {label.name: [one.name for one in label.attributes] for label in now.labels}
    for label in after.labels:
        attributes = held[label.name]
        for place, attribute in enumerate(label.attributes):
            if attributes[place] != attribute.name:
                attributes.remove(attribute.name)
                attributes.insert(place, attribute.name)
                yield steps.MoveAttribute(label=label.name, attribute=attribute.name, at=place)
