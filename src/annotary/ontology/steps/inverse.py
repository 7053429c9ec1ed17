"""The steps that undo steps, and what they cannot bring back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatchmethod

import msgspec

from annotary.ontology.steps import values as steps
from annotary.ontology.steps.apply import stages
from annotary.ontology.steps.conversion import as_text, converted_default, natural
from annotary.ontology.steps.draft import SETTINGS_BY_LABEL
from annotary.ontology.steps.values import Inverse, Step, StepLoss
from annotary.ontology.values import Attribute, Definition, Label


def invert(definition_before: Definition, chain: Sequence[Step]) -> Inverse:
    """Return the steps from the definition after the chain back to the one before; raises InvalidStep.

    Without losses, an answer that goes through the chain and back has the bytes it had. Answers that stay
    with their old version because people must decide something are not touched by either.
    """
    before = stages(definition_before, chain)
    back: list[Step] = []
    losses: list[StepLoss] = []
    for index in reversed(range(len(chain))):
        undo = _Undo(before[index], before[index + 1], f"/steps/{index}")
        undo.step(chain[index])
        back += undo.steps
        losses[:0] = undo.losses
    return Inverse(tuple(back), tuple(losses))


class _Undo:
    """Finds the steps back of one step, between the definitions before and after it."""

    def __init__(self, before: Definition, after: Definition, path: str) -> None:
        self.steps: list[Step] = []
        self.losses: list[StepLoss] = []
        self._before, self._after, self._path = before, after, path

    def _lose(self, what: str) -> None:
        self.losses.append(StepLoss(self._path, what))

    def _label(self, name: str) -> tuple[int, Label]:
        return next((index, label) for index, label in enumerate(self._before.labels) if label.name == name)

    def _attribute(self, label: str, name: str) -> tuple[int, Attribute]:
        attributes = self._label(label)[1].attributes
        return next((at, attribute) for at, attribute in enumerate(attributes) if attribute.name == name)

    def _restore_scales(self) -> None:
        """Bring back what the tools' settings said of labels that the step took away."""
        for tool, settings in self._before.tools.items():
            by_label = any(name in settings for name in SETTINGS_BY_LABEL)
            if by_label and self._after.tools.get(tool) != settings:
                self.steps.append(steps.ChangeTool(tool=tool, settings=settings))

    @singledispatchmethod
    def step(self, step: object) -> None:
        """Find the steps back of one step."""
        raise TypeError(step)

    @step.register
    def _(self, step: steps.AddLabel) -> None:
        self.steps = [steps.RemoveLabel(label=step.label.name)]

    @step.register
    def _(self, step: steps.RenameLabel) -> None:
        self.steps = [steps.RenameLabel(label=step.to, to=step.label)]

    @step.register
    def _(self, step: steps.MoveLabel) -> None:
        index, label = self._label(step.label)
        at = None if step.at is None else index
        self.steps = [steps.MoveLabel(label=step.label, parent=label.parent, at=at)]

    @step.register
    def _(self, step: steps.MergeLabels) -> None:
        gone = [
            (index, label) for index, label in enumerate(self._before.labels) if label.name in step.labels
        ]
        gone = [(index, label) for index, label in gone if label.name != step.into]
        names = {label.name for _, label in gone}
        # A parent may come back after its child, so parents are set once all are there.
        self.steps = [
            steps.AddLabel(label=msgspec.structs.replace(label, parent=None), at=index)
            for index, label in gone
        ]
        self.steps += [
            steps.MoveLabel(label=label.name, parent=label.parent)
            for label in self._before.labels
            if label.parent in names or (label.name in names and label.parent is not None)
        ]
        self._restore_scales()
        self._lose(f"which marks of {step.into} were {', '.join(sorted(names))}")

    @step.register
    def _(self, step: steps.SplitLabel) -> None:
        label = self._label(step.label)[1]
        if step.label not in step.into:
            self.steps = [
                steps.RenameLabel(label=step.into[0], to=step.label),
                steps.DescribeLabel(label=step.label, hotkey=label.hotkey),
            ]
        first = step.label if step.label in step.into else step.into[0]
        parts = tuple(name for name in step.into if name != first)
        self.steps.append(steps.MergeLabels(labels=parts, into=step.label))

    @step.register
    def _(self, step: steps.RetireLabel) -> None:
        self.steps = [steps.RestoreLabel(label=step.label)]

    @step.register
    def _(self, step: steps.RestoreLabel) -> None:
        self.steps = [steps.RetireLabel(label=step.label)]

    @step.register
    def _(self, step: steps.RemoveLabel) -> None:
        index, label = self._label(step.label)
        self.steps = [steps.AddLabel(label=label, at=index)]
        self._restore_scales()
        self._lose(f"the marks of {step.label}")

    @step.register
    def _(self, step: steps.DescribeLabel) -> None:
        label = self._label(step.label)[1]
        given = {
            name: getattr(label, name)
            for name in ("colour", "hotkey", "description")
            if getattr(step, name) is not msgspec.UNSET
        }
        self.steps = [steps.DescribeLabel(label=step.label, **given)]

    @step.register
    def _(self, step: steps.AddAttribute) -> None:
        self.steps = [steps.RemoveAttribute(label=step.label, attribute=step.attribute.name)]

    @step.register
    def _(self, step: steps.RenameAttribute) -> None:
        self.steps = [steps.RenameAttribute(label=step.label, attribute=step.to, to=step.attribute)]

    @step.register
    def _(self, step: steps.MoveAttribute) -> None:
        at = self._attribute(step.label, step.attribute)[0]
        self.steps = [steps.MoveAttribute(label=step.label, attribute=step.attribute, at=at)]

    @step.register
    def _(self, step: steps.RetypeAttribute) -> None:
        old = self._attribute(step.label, step.attribute)[1]
        new = msgspec.structs.replace(old, default=None, **msgspec.structs.asdict(step.to))
        names = {"label": step.label, "attribute": step.attribute}
        kind = steps.Kind(**{name: getattr(old, name) for name in steps.Kind.__struct_fields__})
        values, exact = _values_back(old, new, step)
        back = steps.RetypeAttribute(**names, to=kind, values=values)
        default = converted_default(old, new, step)
        returned = converted_default(msgspec.structs.replace(new, default=default), old, back)
        if default is not None and returned is None:
            self.steps.append(steps.SetDefault(**names, default=None))
        self.steps.append(back)
        if returned != old.default:
            self.steps.append(steps.SetDefault(**names, default=old.default))
        if not exact:
            self._lose(f"which values of {step.attribute} became the same one, or none")

    @step.register
    def _(self, step: steps.SetDefault) -> None:
        attribute = self._attribute(step.label, step.attribute)[1]
        self.steps = [steps.SetDefault(label=step.label, attribute=step.attribute, default=attribute.default)]
        if attribute.default is None and not attribute.required and step.default is not None:
            self._lose(f"which marks of {step.label} left out {step.attribute}")
        if step.default is None and attribute.default is not None and _may_be_empty(attribute):
            self._lose(f"which marks of {step.label} had an empty {step.attribute}")

    @step.register
    def _(self, step: steps.RemoveAttribute) -> None:
        at, attribute = self._attribute(step.label, step.attribute)
        self.steps = [steps.AddAttribute(label=step.label, attribute=attribute, at=at)]
        self._lose(f"the values of {step.attribute}")

    @step.register
    def _(self, step: steps.Require) -> None:
        self.steps = [steps.Relax(label=step.label, attribute=step.attribute)]
        if step.fill is not None and self._attribute(step.label, step.attribute)[1].default is None:
            self._lose(f"which marks of {step.label} left out {step.attribute}")

    @step.register
    def _(self, step: steps.Relax) -> None:
        self.steps = [steps.Require(label=step.label, attribute=step.attribute)]

    @step.register
    def _(self, step: steps.ChangeShapes) -> None:
        self.steps = [steps.ChangeShapes(label=step.label, tools=self._label(step.label)[1].tools)]
        if step.remove_marks:
            self._lose(f"the marks of {step.label} with other tools than {', '.join(step.tools)}")

    @step.register
    def _(self, step: steps.AddTool) -> None:
        self.steps = [steps.RemoveTool(tool=step.tool)]

    @step.register
    def _(self, step: steps.ChangeTool) -> None:
        self.steps = [steps.ChangeTool(tool=step.tool, settings=self._before.tools[step.tool])]

    @step.register
    def _(self, step: steps.RemoveTool) -> None:
        self.steps = [steps.AddTool(tool=step.tool, settings=self._before.tools[step.tool])]
        self._lose(f"the marks of the tool {step.tool}")


def _may_be_empty(attribute: Attribute) -> bool:
    return attribute.kind == "text" or attribute.multiple


def _values_back(
    old: Attribute, new: Attribute, step: steps.RetypeAttribute
) -> tuple[dict[str, str | float | bool | list[str]], bool]:
    """Return `values` of the step back, and whether every converted value comes back as it was."""
    falls_through = step.otherwise is not msgspec.UNSET
    domain = _domain(old)
    if domain is None:
        named = bool(step.values) or (falls_through and not _contains(old, new))
        return {}, not named and _keeps(old, new)
    back: dict[str, str | float | bool | list[str]] = {}
    images: list[str] = []
    exact = not (old.multiple and not new.multiple and falls_through)
    for value in domain:
        # Choices of a list are converted one by one.
        image = natural(msgspec.structs.replace(old, multiple=False), new, value, step.values)
        if image is None:
            exact = exact and not falls_through
            continue
        if isinstance(image, list) and len(image) == 1:
            image = image[0]
        text = "" if isinstance(image, list) else as_text(image)
        exact = exact and text not in images and text != ""
        if text not in images and text not in ("", as_text(value)):
            back[text] = [str(value)] if old.multiple else value
        images.append(text)
    return back, exact


def _domain(attribute: Attribute) -> list[str | bool] | None:
    """Return the single values of an attribute where they are few, or None."""
    if attribute.kind == "choice":
        return list(attribute.choices)
    return [False, True] if attribute.kind == "boolean" else None


def _contains(old: Attribute, new: Attribute) -> bool:
    """Return whether every number of the old range is in the new one, or every text stays a text."""
    if old.kind != new.kind:
        return new.kind == "text" and old.kind == "number"
    low = new.minimum is None or (old.minimum is not None and old.minimum >= new.minimum)
    return low and (new.maximum is None or (old.maximum is not None and old.maximum <= new.maximum))


def _keeps(old: Attribute, new: Attribute) -> bool:
    """Return whether different numbers or texts stay different: "3" and "3.0" are the same number."""
    return not (old.kind == "text" and new.kind == "number")
