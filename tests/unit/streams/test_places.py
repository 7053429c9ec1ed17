"""Places in a log as clients name them: ids of events, of one service, and tokens of pages: plain digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.infra.http import WrongToken, encode_token
from annotary.streams.rules import event_sequence
from annotary.streams.service import token_sequence

NOT_NUMBERS = ["", "-1", "+1", " 1", "1.0", "1_0", "\u0661", "\u00b2", "0x1", "1" * 19]


@given(st.integers(0, 10**18 - 1))
def test_a_number_comes_back(sequence: int) -> None:
    assert event_sequence(f"text.{sequence}", "text") == sequence
    assert token_sequence(encode_token(str(sequence))) == sequence


@pytest.mark.parametrize("digits", NOT_NUMBERS)
def test_what_is_no_number_is_refused(digits: str) -> None:
    assert event_sequence(f"text.{digits}", "text") is None
    with pytest.raises(WrongToken):
        token_sequence(encode_token(digits))


@pytest.mark.parametrize("event", ["image.5", "5", ".5", "text", "text.text.5", "5.text", "TEXT.5"])
def test_an_event_of_another_log_is_refused(event: str) -> None:
    assert event_sequence(event, "text") is None


def test_without_a_token_a_page_is_the_first() -> None:
    assert token_sequence(None) is None
