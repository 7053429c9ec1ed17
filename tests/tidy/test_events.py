"""The registry of event types and the code agree: what is written is declared, and the other way round."""

from __future__ import annotations

import ast
import re
from typing import get_args

from annotary.eventlog import registry
from annotary.kernel.ids import PREFIXES
from annotary.migration.publications.values import PublicationState
from annotary.migration.values import ChangeState
from tidy.event_page import PAGE, page
from tidy.tree import PACKAGE, files, parsed, place, report

SCHEMAS = PACKAGE / "eventlog" / "schemas"
NAMES = {name for name, _ in registry.TYPES}
NOUNS = {name.partition(".")[0] for name in NAMES}
LITERAL = re.compile(r"'([a-z_]+\.[a-z_]+)'")
# Types whose last word is a state: where they are put together, and the states.
PUT_TOGETHER = {
    "migration/service.py": ('f"change.{', [f"change.{word}" for word in get_args(ChangeState)]),
    "migration/publications/service.py": (
        'f"publication.{',
        [f"publication.{word}" for word in get_args(PublicationState)],
    ),
    "catalog/job_runs.py": ('f"job.{', ["job.succeeded", "job.failed"]),
    # Sent straight to an endpoint that somebody tries; it is in no log.
    "streams/webhooks/values.py": ('"webhook.tested"', ["webhook.tested"]),
    "dispatch/queries.sql": (
        "'task.' ||",
        ["task.released", "task.skipped", "task.paused", "task.cancelled"],
    ),
}


def written() -> dict[str, str]:
    """Return every type that stands in code or SQL that writes events, with a place where it does."""
    found: dict[str, str] = {}
    for path in files(".py", ".sql", under=PACKAGE):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sql" and "INTO events" in text:
            found |= dict.fromkeys(LITERAL.findall(text), place(path))
        elif path.suffix == ".py" and "record(" in text and not path.is_relative_to(SCHEMAS):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.setdefault(node.value, place(path, node.lineno))
    for name, (sign, types) in PUT_TOGETHER.items():
        assert sign in (PACKAGE / name).read_text(encoding="utf-8"), f"{name} puts no types together any more"
        found |= dict.fromkeys(types, name)
    return {
        name: where
        for name, where in found.items()
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", name) and name.partition(".")[0] in NOUNS
    }


def test_what_is_written_is_declared_and_the_other_way_round() -> None:
    found = written()
    assert len(found) > 80
    report(
        [f"{where}: {name}" for name, where in sorted(found.items()) if name not in NAMES],
        "An event of a type that eventlog/schemas does not declare cannot be written.",
    )
    report(sorted(NAMES - found.keys()), "A declared type that nothing writes promises what never comes.")


def test_every_type_says_what_it_is() -> None:
    bad = []
    for (name, version), one in registry.TYPES.items():
        schema = registry.schema(name, version)
        if not one.meaning.endswith(".") or one.subject not in registry.SUBJECTS or not one.services:
            bad.append(f"{name}: {one}")
        if schema.get("additionalProperties") is not False:
            bad.append(f"{name}: takes fields that it does not declare")
    report(bad, "A type of events says what it means, what it is about and what its data is.")
    assert PREFIXES.items() <= registry.SUBJECTS.items()


def test_the_page_is_as_the_registry_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/events.md is not what the registry says: PYTHONPATH=tests python -m tidy.event_page"
    )
