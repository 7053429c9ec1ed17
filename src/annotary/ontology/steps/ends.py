"""Marks that hold on to other marks of an answer, as relations do to spans: which of them lost their hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotary.ontology.steps.arrangement import flat
from annotary.ontology.steps.values import Ends

Places = frozenset[Any]
NOWHERE: Places = frozenset()


def places_gone(ends: Ends, before: Mapping[str, Any], after: Mapping[str, Any]) -> Places:
    """Return where marks stood that others could hold on to, and where none stands any more."""
    was, now = before.get(ends.tool, ()), after.get(ends.tool, ())
    return NOWHERE if was is now else _places(ends, was) - _places(ends, now)


def _places(ends: Ends, marks: Any) -> Places:
    return frozenset(flat({name: mark[name] for name in ends.place if name in mark}) for mark in marks)


def holds_on(ends: Ends, mark: Mapping[str, Any], gone: Places) -> bool:
    """Say whether a mark still holds on to marks that are there."""
    return not any(flat(mark[field]) in gone for field in ends.fields)
