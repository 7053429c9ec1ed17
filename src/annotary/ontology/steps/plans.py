"""What the steps do to the marks of one label: a list of operations, found once a label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from annotary.ontology.steps import values as steps
from annotary.ontology.steps.attributes import (
    Operation,
    conforming,
    filled,
    on_attributes,
    removed,
    renamed,
    retyped,
    undefaulted,
)
from annotary.ontology.steps.predicates import holds
from annotary.ontology.steps.trace import Trace
from annotary.ontology.values import Attribute, Definition, Label

Plan = tuple[Operation, ...]


def run(plan: Plan, mark: dict[str, Any], trace: Trace) -> bool:
    """Apply a plan to a mark, the caller's own copy; False where the mark goes."""
    return all(operate(mark, trace) for operate in plan)


class Planner:
    """Finds what becomes of a label's marks. `stages` are the definitions before each step and after all."""

    def __init__(self, stages: Sequence[Definition], chain: Sequence[steps.Step]) -> None:
        self._chain = chain
        self._stages = stages

    def plan(self, name: str, start: int = 0) -> Plan:
        """Return the operations of the steps from `start` on for marks that have label `name` there."""
        operations: list[Operation] = []
        for index in range(start, len(self._chain)):
            step = self._chain[index]
            if isinstance(step, steps.SplitLabel) and step.label == name:
                return (*operations, self._split(step, index + 1))
            operations += self._operations(step, index, name)
            name = _name_after(step, name)
        return tuple(operations)

    def _operations(self, step: steps.Step, index: int, name: str) -> list[Operation]:
        if isinstance(step, steps.MergeLabels):
            return self._merge(step, index, name) if name in step.labels and name != step.into else []
        if getattr(step, "label", None) != name:
            return []
        if isinstance(step, steps.RenameLabel):
            return [partial(_rename, step.to)]
        if isinstance(step, steps.RemoveLabel):
            return [_remove]
        if isinstance(step, steps.ChangeShapes):
            return [partial(_reshape, step.tools, step.remove_marks)] if step.tools else []
        if isinstance(step, steps.AddAttribute):
            fill = step.attribute.default if step.fill is None else step.fill
            quiet = fill is None and not step.attribute.required
            return [] if quiet else [on_attributes(step.attribute, filled(step.attribute, fill, notes=False))]
        if isinstance(
            step,
            steps.RenameAttribute
            | steps.RetypeAttribute
            | steps.SetDefault
            | steps.RemoveAttribute
            | steps.Require,
        ):
            return self._attribute_operations(step, index, name)
        return []

    def _attribute_operations(
        self,
        step: steps.RenameAttribute
        | steps.RetypeAttribute
        | steps.SetDefault
        | steps.RemoveAttribute
        | steps.Require,
        index: int,
        name: str,
    ) -> list[Operation]:
        old = self._attribute(index, name, step.attribute)
        if isinstance(step, steps.RenameAttribute):
            return [on_attributes(old, renamed(old.name, step.to))]
        if isinstance(step, steps.RemoveAttribute):
            return [on_attributes(old, removed(old.name))]
        new = self._attribute(index + 1, name, step.attribute)
        if isinstance(step, steps.RetypeAttribute):
            return [on_attributes(old, retyped(old, new, step))]
        if isinstance(step, steps.Require):
            return [on_attributes(new, filled(new, step.fill, notes=True))]
        if step.default is None:
            return [on_attributes(new, undefaulted(new))] if old.default is not None else []
        return [on_attributes(new, filled(new, step.default, notes=True))] if old.default is None else []

    def _label(self, index: int, name: str) -> Label:
        return next(label for label in self._stages[index].labels if label.name == name)

    def _attribute(self, index: int, label: str, name: str) -> Attribute:
        return next(one for one in self._label(index, label).attributes if one.name == name)

    def _merge(self, step: steps.MergeLabels, index: int, name: str) -> list[Operation]:
        source, target = self._label(index, name), self._label(index, step.into)
        operations: list[Operation] = [partial(_merge, step.into)]
        if target.tools and not (source.tools and set(source.tools) <= set(target.tools)):
            operations.append(partial(_reshape, target.tools, False))
        if source.attributes != target.attributes:
            for per in ("mark", "frame"):
                probe = Attribute(name="", kind="text", per=per)
                operations.append(on_attributes(probe, conforming(target, per)))
        return operations

    def _split(self, step: steps.SplitLabel, after: int) -> Operation:
        branches = {name: self.plan(name, after) for name in step.into}

        def operate(mark: dict[str, Any], trace: Trace) -> bool:
            to = next((rule.to for rule in step.rules if holds(rule.when, trace.tool, mark)), step.otherwise)
            if to is None:
                trace.ask("/label")
                return True
            mark["label"] = to
            return run(branches[to], mark, trace)

        return operate


def _name_after(step: steps.Step, name: str) -> str:
    if isinstance(step, steps.RenameLabel) and step.label == name:
        return step.to
    return step.into if isinstance(step, steps.MergeLabels) and name in step.labels else name


def _rename(to: str, mark: dict[str, Any], trace: Trace) -> bool:
    mark["label"] = to
    return True


def _merge(into: str, mark: dict[str, Any], trace: Trace) -> bool:
    trace.lose("/label", "label", mark["label"])
    mark["label"] = into
    return True


def _remove(mark: dict[str, Any], trace: Trace) -> bool:
    trace.lose("", "mark", mark)
    return False


def _reshape(tools: tuple[str, ...], remove: bool, mark: dict[str, Any], trace: Trace) -> bool:
    if trace.tool in tools:
        return True
    if remove:
        trace.lose("", "mark", mark)
        return False
    trace.ask("/label")
    return True
