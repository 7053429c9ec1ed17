"""Brings answers through a list of steps: compiled once, then applied to any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from annotary.ontology.pointers import escape
from annotary.ontology.steps import values as steps
from annotary.ontology.steps.arrangement import Arrangement
from annotary.ontology.steps.ends import NOWHERE, Places, holds_on, places_gone
from annotary.ontology.steps.plans import Plan, Planner, run
from annotary.ontology.steps.trace import Trace
from annotary.ontology.steps.values import Loss, Migrated, ToolRules
from annotary.ontology.values import Definition

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Rewritten(NamedTuple):
    """The canonical bytes of an answer after a migration; see `Migrated`."""

    encoded: bytes
    changed: bool
    losses: tuple[Loss, ...]
    ambiguous: tuple[str, ...]


class Program:
    """A migration of answers. Deterministic, without state: one may serve several threads."""

    def __init__(
        self,
        stages: Sequence[Definition],
        chain: Sequence[steps.Step],
        rules_before: Mapping[str, ToolRules],
        rules_after: Mapping[str, ToolRules],
    ) -> None:
        self.before, self.after = stages[0], stages[-1]
        self.rules = rules_after
        planner = Planner(stages, chain)
        plans = {label.name: planner.plan(label.name) for label in self.before.labels}
        self._plans: Mapping[str, Plan] = {name: plan for name, plan in plans.items() if plan}
        gone = {step.tool for step in chain if isinstance(step, steps.RemoveTool)}
        self._gone = gone & self.before.tools.keys()
        self.changed_tools = frozenset(
            step.tool for step in chain if isinstance(step, steps.AddTool | steps.ChangeTool)
        )
        moved = any(isinstance(step, steps.MoveLabel) and step.at is not None for step in chain)
        self._arrangements = {
            tool: Arrangement(tool, rules, self.before, self.after) for tool, rules in rules_after.items()
        }
        self._looked_at = self._gone | {
            tool
            for tool, rules in rules_after.items()
            if tool in self.changed_tools or (moved and rules.by_label) or self._arrangements[tool].asks_more
        }
        self._always = any(
            rules.required and not (tool in rules_before and rules_before[tool].required)
            for tool, rules in rules_after.items()
        )
        self._ends = {
            tool: rules.ends
            for tool, rules in rules_after.items()
            if rules.ends is not None and rules.ends.tool in self.after.tools
        }
        self._looked_at |= {tool for tool, ends in self._ends.items() if ends.tool in self.changed_tools}
        self._frames = {tool: rules.frames for tool, rules in (*rules_before.items(), *rules_after.items())}
        self._needles = [b'"label":' + _encode(name) for name in self._plans]
        self._needles += [_encode(tool) + b":" for tool in self._looked_at]

    def touches(self, encoded: bytes) -> bool:
        """Return whether canonical bytes of an answer may change; False is certain, True is not."""
        return self._always or any(needle in encoded for needle in self._needles)

    def rewrite(self, encoded: bytes) -> Rewritten:
        """Return the canonical bytes after the steps of an answer's; the same object where none change."""
        if not self.touches(encoded):
            return Rewritten(encoded, False, (), ())
        result, trace = self._apply(_decode(encoded))
        if trace.ambiguous:
            return Rewritten(encoded, False, (), tuple(trace.ambiguous))
        after = _encode(result)
        changed = after != encoded
        return Rewritten(after if changed else encoded, changed, tuple(trace.losses), ())

    def answer(self, answer: dict[str, Any]) -> Migrated:
        """Return the answer (decoded canonical JSON) after the steps; what was given is not changed."""
        result, trace = self._apply(answer)
        if trace.ambiguous:
            return Migrated(answer, False, (), tuple(trace.ambiguous))
        # Compared as JSON: in Python, true equals 1.
        changed = _encode(result) != _encode(answer)
        return Migrated(result if changed else answer, changed, tuple(trace.losses), ())

    def _apply(self, answer: dict[str, Any]) -> tuple[dict[str, Any], Trace]:
        trace = Trace()
        result: dict[str, Any] = {}
        # What holds on to other marks comes after these, and is put back in its place.
        for tool in sorted(answer, key=self._ends.__contains__) if self._ends else answer:
            value = answer[tool]
            if tool in self._gone:
                trace.losses.append(Loss(f"/{escape(tool)}", "mark", value))
                continue
            gone = places_gone(self._ends[tool], answer, result) if tool in self._ends else NOWHERE
            now = self._marks(tool, value, trace, gone) if isinstance(value, list) else value
            if now or not isinstance(now, list):
                result[tool] = now
        self._ask_for_missing(result, trace)
        return {tool: result[tool] for tool in answer if tool in result}, trace

    def _marks(
        self, tool: str, marks: list[dict[str, Any]], trace: Trace, gone: Places
    ) -> list[dict[str, Any]]:
        plans = self._plans
        trace.tool, trace.frames = tool, self._frames.get(tool)
        result, places, touched = [], [], tool in self._looked_at
        for index, mark in enumerate(marks):
            if gone and not holds_on(self._ends[tool], mark, gone):
                trace.index = index
                trace.lose("", "mark", mark)
                continue
            plan = plans.get(mark["label"])
            if plan is not None:
                touched, trace.index = True, index
                mark = dict(mark)
                if not run(plan, mark, trace):
                    continue
            result.append(mark)
            places.append(index)
        if not touched or not result:
            return result
        return self._arrangements[tool].arranged(result, places, trace)

    def _ask_for_missing(self, answer: dict[str, Any], trace: Trace) -> None:
        """Ask people where a tool that every answer must use is not used any more, or not yet."""
        if answer.get("not_applicable") or answer.get("cannot_assess"):
            return
        for tool, rules in self.rules.items():
            if rules.required and tool not in answer:
                trace.ambiguous.append(f"/{escape(tool)}")
