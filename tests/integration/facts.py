"""Facts that tests tell themselves: whole ones, as the registry wants them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from annotary.eventlog import Event
from annotary.eventlog.registry import schema


def fact_about(organisation: UUID, kind: str, subject: UUID, by: UUID | None = None, **known: Any) -> Event:
    """Return a fact of a registered type; what is not known of its data is made up."""
    declared = schema(kind, 1)
    made_up = {name: _made_up(declared["properties"][name]) for name in declared.get("required", ())}
    data = made_up | known
    return Event(organisation_id=organisation, type=kind, subject_id=subject, actor_id=by, data=data)


def _made_up(declared: dict[str, Any]) -> Any:
    """Return the plainest value that a schema takes."""
    if "enum" in declared:
        return declared["enum"][0]
    if "anyOf" in declared:
        return None
    if "$ref" in declared:
        return {}
    kind, form = declared["type"], declared.get("format") or declared.get("pattern", "")
    if kind == "string":
        if form == "uuid":
            return str(UUID(int=0))
        if form == "date-time":
            return "2026-11-23T12:00:00Z"
        prefix, _, digits = form.lstrip("^").partition("[0-9a-f]")
        return prefix + "0" * int(digits.strip("{}$") or 0)
    return {"integer": 1, "number": 0.5, "array": [], "object": {}, "boolean": False}[kind]
