"""What each step does to a definition."""

from __future__ import annotations

from functools import singledispatch

import msgspec

from annotary.ontology.rules import fits
from annotary.ontology.steps import values as steps
from annotary.ontology.steps.conversion import converted_default
from annotary.ontology.steps.draft import Draft


@singledispatch
def change(step: object, draft: Draft) -> None:
    """Apply one step to a draft; raises InvalidStep where it cannot be."""
    raise TypeError(step)


@change.register
def _(step: steps.AddLabel, draft: Draft) -> None:
    draft.must_be_new(step.label.name, "label/name")
    draft.insert(step.label, step.at)


@change.register
def _(step: steps.RenameLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    draft.must_be_new(step.to, "to")
    draft.put(index, name=step.to)
    for child in draft.children(step.label):
        draft.put(child, parent=step.to)
    draft.rescale(step.label, (step.to,))


@change.register
def _(step: steps.MoveLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    if step.parent is not None:
        draft.place(step.parent, "parent")
    draft.put(index, parent=step.parent)
    if step.at is not None:
        draft.insert(draft.labels.pop(index), step.at)


@change.register
def _(step: steps.MergeLabels, draft: Draft) -> None:
    target = draft.labels[draft.place(step.into, "into")]
    sources = [name for name in dict.fromkeys(step.labels) if name != step.into]
    if not sources:
        draft.refuse("labels", list(step.labels), f"at least one label other than {step.into}")
    for position, name in enumerate(step.labels):
        draft.place(name, f"labels/{position}")
        if draft.scales(name) != draft.scales(step.into):
            expected = f"a label with the scale or skeleton of {step.into}: two do not mean the same"
            draft.refuse(f"labels/{position}", name, expected)
    if target.parent in sources:
        draft.refuse("into", step.into, "a label that is not below one that goes: move it first")
    for name in sources:
        for child in draft.children(name):
            draft.put(child, parent=step.into)
        draft.rescale(name, ())
    draft.labels = [label for label in draft.labels if label.name not in sources]


@change.register
def _(step: steps.SplitLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    label, stays = draft.labels[index], step.label in step.into
    if len(set(step.into)) < 2 or len(set(step.into)) < len(step.into):
        draft.refuse("into", list(step.into), "at least two names, each once")
    for position, name in enumerate(step.into):
        if name != step.label:
            draft.must_be_new(name, f"into/{position}")
    for position, rule in enumerate(step.rules):
        if rule.to not in step.into:
            draft.refuse(f"rules/{position}/to", rule.to, f"one of {', '.join(step.into)}")
        _check_conditions(draft, f"rules/{position}/when", rule.when)
    if step.otherwise is not None and step.otherwise not in step.into:
        draft.refuse("otherwise", step.otherwise, f"one of {', '.join(step.into)}")
    if draft.children(step.label) and not stays:
        draft.refuse("label", step.label, "a label with none below it: move those first")
    draft.labels[index : index + 1] = [
        # A key picks one label: the others get none.
        msgspec.structs.replace(label, name=name, hotkey=label.hotkey if name == step.label else None)
        for name in step.into
    ]
    draft.rescale(step.label, step.into)


def _check_conditions(draft: Draft, field: str, conditions: tuple[steps.Condition, ...]) -> None:
    for position, one in enumerate(conditions):
        if sum(subject is not None for subject in (one.tool, one.attribute, one.shape)) != 1:
            draft.refuse(f"{field}/{position}", "another number", "one of `tool`, `attribute` and `shape`")


@change.register
def _(step: steps.RetireLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    if draft.labels[index].retired:
        draft.refuse("label", step.label, "a label that is not retired yet")
    draft.put(index, retired=True)


@change.register
def _(step: steps.RestoreLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    if not draft.labels[index].retired:
        draft.refuse("label", step.label, "a label that is retired")
    draft.put(index, retired=False)


@change.register
def _(step: steps.RemoveLabel, draft: Draft) -> None:
    index = draft.place(step.label)
    if draft.children(step.label):
        draft.refuse("label", step.label, "a label with none below it: move those first")
    draft.rescale(step.label, ())
    del draft.labels[index]


@change.register
def _(step: steps.DescribeLabel, draft: Draft) -> None:
    fields = {"colour": step.colour, "hotkey": step.hotkey, "description": step.description}
    given = {name: value for name, value in fields.items() if value is not msgspec.UNSET}
    draft.put(draft.place(step.label), **given)


@change.register
def _(step: steps.AddAttribute, draft: Draft) -> None:
    index = draft.place(step.label)
    attributes = list(draft.labels[index].attributes)
    if any(one.name == step.attribute.name for one in attributes):
        draft.refuse("attribute/name", step.attribute.name, f"a name that no attribute of {step.label} has")
    if step.at is not None and not 0 <= step.at <= len(attributes):
        draft.refuse("at", step.at, f"0 to {len(attributes)}, a place among the attributes")
    if step.fill is not None and not fits(step.attribute, step.fill):
        draft.refuse("fill", step.fill, "a value that the attribute allows")
    attributes.insert(len(attributes) if step.at is None else step.at, step.attribute)
    draft.put(index, attributes=tuple(attributes))


@change.register
def _(step: steps.RenameAttribute, draft: Draft) -> None:
    index, at, _ = draft.attribute(step.label, step.attribute)
    if any(one.name == step.to for one in draft.labels[index].attributes):
        draft.refuse("to", step.to, f"a name that no attribute of {step.label} has")
    draft.put_attribute(index, at, name=step.to)


@change.register
def _(step: steps.MoveAttribute, draft: Draft) -> None:
    index, at, _ = draft.attribute(step.label, step.attribute)
    attributes = list(draft.labels[index].attributes)
    if not 0 <= step.at < len(attributes):
        draft.refuse("at", step.at, f"0 to {len(attributes) - 1}, a place among the attributes")
    attributes.insert(step.at, attributes.pop(at))
    draft.put(index, attributes=tuple(attributes))


@change.register
def _(step: steps.RetypeAttribute, draft: Draft) -> None:
    index, at, old = draft.attribute(step.label, step.attribute)
    new = msgspec.structs.replace(old, default=None, **msgspec.structs.asdict(step.to))
    for name, value in step.values.items():
        if not fits(new, value):
            draft.refuse(f"values/{name}", value, "a value that the new type allows")
    if step.otherwise is not msgspec.UNSET and step.otherwise is not None and not fits(new, step.otherwise):
        draft.refuse("otherwise", step.otherwise, "a value that the new type allows")
    default = converted_default(old, new, step)
    if default is None and old.default is not None:
        draft.refuse("to", old.default, "a type that the default can become: change the default first")
    draft.put_attribute(index, at, default=default, **msgspec.structs.asdict(step.to))


@change.register
def _(step: steps.SetDefault, draft: Draft) -> None:
    index, at, attribute = draft.attribute(step.label, step.attribute)
    if step.default is not None and not fits(attribute, step.default):
        draft.refuse("default", step.default, "a value that the attribute allows")
    draft.put_attribute(index, at, default=step.default)


@change.register
def _(step: steps.RemoveAttribute, draft: Draft) -> None:
    index, at, _ = draft.attribute(step.label, step.attribute)
    attributes = draft.labels[index].attributes
    draft.put(index, attributes=attributes[:at] + attributes[at + 1 :])


@change.register
def _(step: steps.Require, draft: Draft) -> None:
    index, at, attribute = draft.attribute(step.label, step.attribute)
    if attribute.required:
        draft.refuse("attribute", step.attribute, "an attribute that is not required yet")
    if step.fill is not None and not fits(attribute, step.fill):
        draft.refuse("fill", step.fill, "a value that the attribute allows")
    draft.put_attribute(index, at, required=True)


@change.register
def _(step: steps.Relax, draft: Draft) -> None:
    index, at, attribute = draft.attribute(step.label, step.attribute)
    if not attribute.required:
        draft.refuse("attribute", step.attribute, "an attribute that is required")
    draft.put_attribute(index, at, required=False)


@change.register
def _(step: steps.ChangeShapes, draft: Draft) -> None:
    draft.put(draft.place(step.label), tools=step.tools)


@change.register
def _(step: steps.AddTool, draft: Draft) -> None:
    if step.tool in draft.tools:
        draft.refuse("tool", step.tool, "a tool that the ontology does not have yet")
    draft.tools[step.tool] = step.settings


@change.register
def _(step: steps.ChangeTool, draft: Draft) -> None:
    if step.tool not in draft.tools:
        draft.refuse("tool", step.tool, f"a tool of the ontology: {', '.join(draft.tools)}")
    draft.tools[step.tool] = step.settings


@change.register
def _(step: steps.RemoveTool, draft: Draft) -> None:
    if step.tool not in draft.tools:
        draft.refuse("tool", step.tool, f"a tool of the ontology: {', '.join(draft.tools)}")
    for label in draft.labels:
        if step.tool in label.tools:
            expected = f"a tool that no label names: change the shapes of {label.name} first"
            draft.refuse("tool", step.tool, expected)
    del draft.tools[step.tool]
