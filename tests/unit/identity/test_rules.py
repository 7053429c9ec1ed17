"""Who may do what: the whole truth table, and tokens."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.identity import rules
from annotary.identity.errors import RoleTooLow, UnknownProject
from annotary.identity.values import Caller, Role
from annotary.kernel.errors import Forbidden, Invalid, NotFound

HOME, AWAY = uuid4(), uuid4()
PROJECT = uuid4()
roles = st.sampled_from(Role)
project_roles = st.sampled_from([Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER])


def caller(role: Role, projects: dict[UUID, Role] | None = None) -> Caller:
    return Caller(uuid4(), HOME, role, "somebody", projects or {})


@given(roles, st.none() | project_roles, st.sampled_from([HOME, AWAY]), roles)
def test_access_to_a_project(role: Role, there: Role | None, organisation: UUID, at_least: Role) -> None:
    who = caller(role, {PROJECT: there} if there else {})
    if organisation == AWAY:
        effective = None
    elif role >= Role.MANAGER:
        effective = role
    else:
        effective = there
    assert rules.project_role(who, PROJECT, organisation) == effective
    if effective is None:
        with pytest.raises(UnknownProject):
            rules.access_project(who, PROJECT, organisation, at_least)
    elif effective < at_least:
        with pytest.raises(RoleTooLow):
            rules.access_project(who, PROJECT, organisation, at_least)
    else:
        assert rules.access_project(who, PROJECT, organisation, at_least) == effective


def test_not_seen_and_too_low_are_different_things() -> None:
    assert issubclass(UnknownProject, NotFound) and issubclass(RoleTooLow, Forbidden)
    # Another project's role says nothing about this one.
    with pytest.raises(UnknownProject):
        rules.access_project(caller(Role.REVIEWER, {uuid4(): Role.MANAGER}), PROJECT, HOME, Role.ANNOTATOR)


@given(roles, roles)
def test_who_governs_whom(role: Role, other: Role) -> None:
    governs = role == Role.OWNER or (role == Role.MANAGER and other in (Role.ANNOTATOR, Role.REVIEWER))
    assert rules.may_govern(caller(role), other) == governs
    # Nobody below the owner decides about their equals, so no role is ever raised by one's own hand.
    if role != Role.OWNER:
        assert not rules.may_govern(caller(role), role)


@given(roles, roles, st.booleans())
def test_whose_tokens_one_holds(role: Role, other: Role, own: bool) -> None:
    who = caller(role)
    member = who.member_id if own else uuid4()
    assert rules.may_hold_tokens_of(who, member, other) == (own or rules.may_govern(who, other))


def test_roles_are_ordered_and_have_words() -> None:
    assert [role.word for role in sorted(Role)] == ["annotator", "reviewer", "manager", "owner"]
    assert all(Role.of(role.word) is role for role in Role)
    with pytest.raises(KeyError):
        Role.of("king")


def test_new_tokens_have_their_form_and_never_repeat() -> None:
    tokens = {rules.new_token() for _ in range(500)}
    assert len(tokens) == 500
    for token in tokens:
        assert re.fullmatch(r"ann_[A-Za-z0-9_-]{43}", token) and rules.is_token(token.encode())


@given(st.binary(max_size=60))
def test_only_tokens_are_tokens(text: bytes) -> None:
    assert rules.is_token(text) == bool(re.fullmatch(rb"ann_[A-Za-z0-9_-]{43}", text))


@given(st.binary(min_size=16, max_size=64), st.uuids(), st.text(max_size=40))
def test_a_derived_token_is_a_token_and_depends_on_every_part(
    key: bytes, token: UUID, idempotency: str
) -> None:
    secret = rules.derived_token(key, token, idempotency)
    assert rules.is_token(secret.encode())
    assert secret == rules.derived_token(key, token, idempotency)
    others = {
        rules.derived_token(key + b"x", token, idempotency),
        rules.derived_token(key, UUID(int=token.int ^ 1), idempotency),
        rules.derived_token(key, token, idempotency + "x"),
    }
    assert secret not in others


@given(st.text(max_size=400))
def test_an_email_is_refused_or_kept_as_it_is(text: str) -> None:
    try:
        kept = rules.check_email(text)
    except Invalid as error:
        assert error.path == "/email"
        return
    assert kept == text and text.count("@") == 1 and not re.search(r"\s", text)
