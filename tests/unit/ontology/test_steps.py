"""Chains of steps keep definitions and answers valid, lose nothing silently, and are undone to the byte."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotary.modalities.definitions import check_definition
from annotary.modalities.migration import Migration
from annotary.ontology.rules import check_structure
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.inverse import invert
from unit.modalities.strategies import TOOLS, Case, cases, encode
from unit.ontology.chains import chains, definition_of

SLOW = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def changes(draw: Any) -> tuple[Case, bytes, Any]:
    """An answer with its canonical bytes, and a chain of steps for its version."""
    modality = draw(st.sampled_from(sorted(TOOLS)))
    case = draw(cases(modality))
    canonical = case.validator.validate(encode(case.answer), case.item).encoded
    return case, canonical, draw(chains(modality))


@SLOW
@given(changes())
def test_an_answer_stays_valid_and_canonical_or_waits_for_people(change: tuple[Case, bytes, Any]) -> None:
    case, before, chain = change
    migration = Migration(case.modality, definition_of(case.modality), chain)
    check_structure(migration.after)
    check_definition(case.modality, migration.after)
    found = migration.rewrite(before, case.item)
    if found.ambiguous:
        assert (found.encoded, found.changed, found.losses) == (before, False, ())
        return
    assert found.changed == (found.encoded != before)
    assert migration.validator.validate(found.encoded, case.item).encoded == found.encoded


@SLOW
@given(changes())
def test_going_back_is_the_identity_to_the_byte_or_says_what_it_loses(
    change: tuple[Case, bytes, Any],
) -> None:
    case, before, chain = change
    definition = definition_of(case.modality)
    inverse = invert(definition, chain)
    there = Migration(case.modality, definition, chain)
    back = Migration(case.modality, there.after, inverse.steps)
    assert back.after == definition
    again = invert(there.after, inverse.steps)
    assert to_definition(definition, again.steps) == there.after
    migrated = there.rewrite(before, case.item)
    if inverse.losses or migrated.ambiguous:
        return
    returned = back.rewrite(migrated.encoded, case.item)
    assert (returned.encoded, returned.ambiguous) == (before, ())


@SLOW
@given(changes())
def test_an_answer_given_is_not_changed_and_untouched_ones_are_told_apart(
    change: tuple[Case, bytes, Any],
) -> None:
    case, before, chain = change
    program = Migration(case.modality, definition_of(case.modality), chain).program
    given_answer = msgspec.json.decode(before)
    found = program.answer(given_answer)
    assert msgspec.json.encode(given_answer) == before
    assert msgspec.json.encode(found.answer) == program.rewrite(before).encoded
    assert found.changed == (found.answer is not given_answer)
    if not program.touches(before):
        assert (found.changed, found.losses, found.ambiguous) == (False, (), ())
    if not found.changed:
        assert not any(loss.kind in ("mark", "duplicate") for loss in found.losses)
