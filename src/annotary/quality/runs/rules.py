"""What a run can be asked, and what it changes; pure."""

from __future__ import annotations

from annotary.ontology.values import Definition
from annotary.projects.quality import AGGREGATORS
from annotary.quality import rules
from annotary.quality.live.classes import class_tool
from annotary.quality.spans.messages import SPANS


def has_only_spans(definition: Definition) -> bool:
    """Say whether answers are spans of a text and nothing else: then a model can learn who marks how."""
    return list(definition.tools) == [SPANS]


def aggregators_for(definition: Definition) -> tuple[str, ...]:
    """Return which aggregators can find the outcomes of a project anew."""
    if class_tool(definition):
        return AGGREGATORS
    return ("auto", rules.MAJORITY, *((SPANS,) if has_only_spans(definition) else ()))


def is_reviewed(aggregator: str, accepted_by: object) -> bool:
    """Say whether a person has decided about an outcome: no run changes it then."""
    return accepted_by is not None or aggregator == rules.REVIEW


def confidence_changes(before: float, now: float) -> bool:
    """Say whether a confidence has moved to another class; less is no new version."""
    return rules.confidence_class(before) != rules.confidence_class(now)
