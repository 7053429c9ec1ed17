"""The types in docs/events.md, as the registry has them; `python -m tidy.event_page` writes them there."""

from __future__ import annotations

import sys
from itertools import groupby

from annotary.eventlog import registry
from annotary.eventlog.schemas.declaring import EventType
from tidy.tree import ROOT

PAGE = ROOT / "docs" / "events.md"
HEADING = "## Types\n"


def page() -> str:
    """Return the page: what stands above the types there, and the types."""
    above, _, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
    parts = [above, HEADING]
    for module, group in groupby(registry.TYPES.values(), key=lambda one: one.data.__module__):
        summary = (sys.modules[module].__doc__ or "").partition(";")[0].rstrip(".")
        parts.append(f"\n### {summary}\n\n| type | subject | data | means |\n|---|---|---|---|\n")
        parts += [_line(one) for one in group]
    return "".join(parts)


def _line(one: EventType) -> str:
    data = ", ".join(f"`{name}`" for name in one.data.__struct_fields__)
    version = "" if one.version == 1 else f" (version {one.version})"
    return f"| `{one.name}`{version} | `{registry.SUBJECTS[one.subject]}_…` | {data} | {one.meaning} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
