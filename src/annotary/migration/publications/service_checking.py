"""What a publication would do: the version it makes, how it agrees with the one before, what it touches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.identity.values import Caller
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.ids import new_id
from annotary.kernel.names import body_id
from annotary.migration import store as changes
from annotary.migration.publications.errors import NothingChanges
from annotary.migration.publications.store import QUERIES, encode
from annotary.migration.publications.values import Checked, NewPublication
from annotary.migration.service_looking import look_at_migration
from annotary.migration.values import Version
from annotary.modalities.migration import tool_rules
from annotary.ontology import compatibility, diff
from annotary.ontology import service as ontologies
from annotary.ontology.errors import InvalidStep
from annotary.ontology.rules import content_hash
from annotary.ontology.service import Check
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps
from annotary.ontology.steps.values import Step
from annotary.ontology.suggestion import suggest
from annotary.ontology.values import Definition

# Returns the database of a modality, whose answers a version would touch.
Answers = Callable[[str], Awaitable[Database]]


class Planned(NamedTuple):
    """A version as it would be published; `steps` None: none are known that lead to it."""

    base: Row
    definition: Definition
    steps: tuple[Step, ...] | None
    checked: Checked

    @property
    def touches_answers(self) -> bool:
        """Whether stored answers are brought along: where none changes they stay with their version."""
        answers = self.checked.answers
        return self.checked.compatibility.needs_migration or answers.touched > 0 or not answers.complete


async def check_publication(
    uow: UnitOfWork, caller: Caller, check: Check, answers: Answers, ontology_id: UUID, new: NewPublication
) -> Checked:
    """Return what a publication would do, and why it would be refused (empty: it would not). For managers."""
    ontology = await ontologies.hold_ontology(uow, caller, ontology_id)
    return (await plan(uow, answers, check, ontology, new)).checked


async def plan(
    uow: UnitOfWork, answers: Answers, check: Check, ontology: Row, new: NewPublication
) -> Planned:
    """Return the version that a publication makes; raises InvalidStep, InvalidOntology, NothingChanges."""
    modality = ontology["modality"]
    base = await one(uow, QUERIES.base_version, ontology["id"])
    known = await changes.versions(uow, base["id"])
    before = known[base["id"]].definition
    definition, steps = _wanted(before, modality, check, new)
    if definition == before:
        raise NothingChanges()
    agreed = compatibility.check(before, definition, steps or (), partial(tool_rules, modality))
    target = Version(
        new_id(),
        max(one.number for one in known.values()) + 1,
        modality,
        definition,
        content_hash(definition),
        base["id"],
        steps,
    )
    named = [body_id("project", text, "/projects") for text in new.projects] or None
    rows = await uow.fetch(QUERIES.project_ids, ontology["id"], named)
    database = await answers(modality)
    looked = await look_at_migration(
        database, [row["id"] for row in rows], known | {target.id: target}, target.id
    )
    refused = ""
    if agreed.needs_migration and (steps is None or not new.migrate):
        first = next(one.words for one in agreed.reasons if one.direction == "backward")
        how = "let answers be migrated" if steps is not None else "give the steps that lead to it"
        refused = (
            f"Answers given so far may be invalid under it ({first}): of {looked.looked_at} looked at "
            f"{looked.touched} are touched. Publish it with `migrate`, and {how}."
        )
    shown = msgspec.Raw(encode(steps))
    return Planned(
        base, definition, steps, Checked(agreed, diff.describe(before, definition), shown, refused, looked)
    )


def _wanted(
    before: Definition, modality: str, check: Check, new: NewPublication
) -> tuple[Definition, tuple[Step, ...] | None]:
    """Return the new definition and the steps to it, where they are told or there is no doubt about them."""
    if new.steps is None and new.definition is None:
        raise InvalidStep(path="/steps", found=None, expected="`steps`, a `definition`, or both")
    if new.steps is not None:
        steps = read_steps(new.steps)
        definition = to_definition(before, steps)
        check(modality, definition)
        if new.definition is not None:
            told = ontologies.checked_definition(new.definition, modality, check)
            compatibility.check(before, told, steps)
        return definition, steps
    assert new.definition is not None
    definition = ontologies.checked_definition(new.definition, modality, check)
    suggested = suggest(before, definition)
    return definition, None if suggested.undecided else suggested.steps
