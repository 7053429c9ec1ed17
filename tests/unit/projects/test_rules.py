"""What a project may be told, and who decides about whom on it."""

from __future__ import annotations

import math
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.identity.errors import RoleTooLow
from annotary.identity.values import Caller, Role
from annotary.kernel import limits
from annotary.kernel.errors import AnnotaryError, Invalid
from annotary.kernel.names import check_name
from annotary.projects import rules


@given(st.integers(-5, 200))
def test_overlap(overlap: int) -> None:
    if 1 <= overlap <= limits.OVERLAP_MAX:
        assert rules.check_overlap(overlap) == overlap
    else:
        with pytest.raises(Invalid) as refused:
            rules.check_overlap(overlap, "/batch/overlap")
        assert refused.value.path == "/batch/overlap"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_weight_is_a_finite_share(weight: float) -> None:
    try:
        kept = rules.check_weight(weight)
    except Invalid:
        return
    assert kept == weight and math.isfinite(kept)
    assert limits.PROJECT_WEIGHT_MIN <= kept <= limits.PROJECT_WEIGHT_MAX


@given(st.text(max_size=50))
def test_instructions_are_kept_as_they_are_or_refused(body: str) -> None:
    try:
        kept = rules.check_instructions(body)
    except AnnotaryError as error:
        assert error.path == "/body"
        assert not body.strip() or "\0" in body
        return
    assert kept == body


@given(st.text(max_size=300))
def test_a_name_has_no_controls_and_no_white_space_around(name: str) -> None:
    try:
        kept = check_name(name)
    except Invalid:
        return
    assert kept == name.strip() and 1 <= len(kept) <= limits.NAME_CHARACTERS_MAX
    assert not any(ord(character) < 32 for character in kept)


@given(st.sampled_from(Role), st.sampled_from([Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER]))
def test_managers_of_a_project_are_the_organisations_choice(role: Role, wanted: Role) -> None:
    caller = Caller(uuid4(), uuid4(), role, "somebody", {})
    if wanted == Role.MANAGER and role < Role.MANAGER:
        with pytest.raises(RoleTooLow):
            rules.require_appointing(caller, wanted)
    else:
        rules.require_appointing(caller, wanted)
