"""Signatures, held against the reference implementation of Standard Webhooks, and verified by receivers."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Oracle

from annotary.client.webhooks import NotVerified, verify
from annotary.streams.webhooks import rules_signing

KEY = b"k" * 32
ids = st.uuids()
events = st.dictionaries(st.text(max_size=8), st.text() | st.integers(-1000, 1000) | st.none())


def signed(event: dict[str, Any], *secrets: str) -> tuple[bytes, dict[str, str]]:
    body = msgspec.json.encode(event)
    return body, rules_signing.headers("text.7", datetime.now(UTC), body, secrets)


@given(ids, events)
def test_the_reference_accepts_what_we_sign(webhook: UUID, event: dict[str, Any]) -> None:
    secret = rules_signing.secret(KEY, webhook, 1)
    body, headers = signed(event, secret)
    assert Oracle(secret).verify(body, headers) == event
    assert verify(body, headers, secret) == event


@given(ids, events)
def test_receivers_accept_what_the_reference_signs(webhook: UUID, event: dict[str, Any]) -> None:
    secret, now = rules_signing.secret(KEY, webhook, 1), datetime.now(UTC)
    body = msgspec.json.encode(event)
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": "v2,other " + Oracle(secret).sign("msg_1", now, body.decode()),
    }
    assert verify(body, headers, ["whsec_" + "A" * 44, secret]) == event


@given(ids, events, st.data())
def test_nothing_that_was_changed_is_accepted(
    webhook: UUID, event: dict[str, Any], data: st.DataObject
) -> None:
    secret = rules_signing.secret(KEY, webhook, 1)
    body, headers = signed(event, secret)
    what = data.draw(st.sampled_from(["body", "webhook-id", "webhook-timestamp", "webhook-signature"]))
    before = body if what == "body" else headers[what].encode()
    place = data.draw(st.integers(0, len(before) - 1))
    changed = bytearray(before)
    changed[place] ^= 1 << data.draw(st.integers(0, 6))
    assume(bytes(changed) != before and bytes(changed).strip() == bytes(changed))
    if what == "body":
        body = bytes(changed)
    else:
        headers[what] = changed.decode("latin-1")
    with pytest.raises(NotVerified):
        verify(body, headers, secret)


def test_old_messages_and_those_of_the_future_are_refused() -> None:
    secret = rules_signing.secret(KEY, UUID(int=1), 1)
    body, headers = signed({"a": 1}, secret)
    for away in (-301, 301):
        with pytest.raises(NotVerified, match=r"30[0-2] s away"):
            verify(body, headers, secret, now=time.time() + away)
    assert verify(body, headers, secret, now=time.time() + 290) == {"a": 1}


def test_what_lacks_a_header_or_is_no_secret_is_refused() -> None:
    secret = rules_signing.secret(KEY, UUID(int=1), 1)
    body, headers = signed({}, secret)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        with pytest.raises(NotVerified):
            verify(body, {key: value for key, value in headers.items() if key != name}, secret)
    with pytest.raises(NotVerified, match="whsec_"):
        verify(body, headers, "whsec_***")


@given(ids, ids, st.integers(1, 50), st.integers(1, 50))
def test_no_two_secrets_are_the_same(one: UUID, other: UUID, first: int, second: int) -> None:
    same = (one, first) == (other, second)
    assert (rules_signing.secret(KEY, one, first) == rules_signing.secret(KEY, other, second)) == same
    assert rules_signing.secret(b"x" * 32, one, first) != rules_signing.secret(KEY, one, first)


@given(st.integers(2, 50), st.floats(-1000, 1000))
def test_the_former_secret_signs_until_its_time(number: int, left_seconds: float) -> None:
    now, webhook = datetime(2026, 11, 23, tzinfo=UTC), UUID(int=7)
    until = now + timedelta(seconds=left_seconds)
    found = rules_signing.secrets_now(KEY, webhook, number, until, now)
    wanted = [number, number - 1] if until > now else [number]
    assert found == [rules_signing.secret(KEY, webhook, one) for one in wanted]
    assert rules_signing.secrets_now(KEY, webhook, number, None, now) == found[:1]
