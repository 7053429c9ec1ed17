"""Applies steps: to a definition, and, compiled once, to any number of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from annotary.ontology.errors import InvalidOntology, InvalidStep
from annotary.ontology.rules import check_structure
from annotary.ontology.steps.definitions import change
from annotary.ontology.steps.draft import Draft
from annotary.ontology.steps.program import Program
from annotary.ontology.steps.values import Step, ToolRules
from annotary.ontology.values import Definition

# What label types say of a definition's tools; `modalities.migration.tool_rules` is the real one.
RulesOf = Callable[[Definition], Mapping[str, ToolRules]]


def to_definition(definition: Definition, steps: Sequence[Step]) -> Definition:
    """Return the definition after the steps; raises InvalidStep with a path such as `/steps/3/label`."""
    return stages(definition, steps)[-1]


def stages(definition: Definition, steps: Sequence[Step]) -> list[Definition]:
    """Return the definition before each step and, last, after all of them; raises InvalidStep."""
    found = [definition]
    for index, step in enumerate(steps):
        draft = Draft(found[-1], f"/steps/{index}")
        change(step, draft)
        found.append(draft.definition())
    for index, stage in enumerate(found[1:]):
        _check(stage, index)
    return found


def _check(definition: Definition, index: int) -> None:
    try:
        check_structure(definition)
    except InvalidOntology as error:
        raise InvalidStep(f"After this step: {error.detail}", path=f"/steps/{index}") from None


def compile(definition_before: Definition, steps: Sequence[Step], rules_of: RulesOf | None = None) -> Program:
    """Return the program that brings answers valid under `definition_before` through the steps.

    `rules_of` says of a definition's tools how marks are ordered and what an answer must have; without it
    marks keep their order and only labels and attributes are looked at. Raises InvalidStep.
    """
    definitions = stages(definition_before, steps)
    rules = rules_of or (lambda definition: {tool: ToolRules() for tool in definition.tools})
    return Program(definitions, tuple(steps), rules(definition_before), rules(definitions[-1]))
