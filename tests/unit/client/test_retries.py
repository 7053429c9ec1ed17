"""A request is sent again only when that is safe, as the same request, and never sooner than was asked."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.client import Client, Retries
from annotary.client.errors import (
    AnnotaryClientError,
    ChangedMeanwhile,
    Conflict,
    InvalidInput,
    NotReached,
    NotSignedIn,
    TooManyRequests,
    Unavailable,
)
from annotary.client.retrying import asked_seconds
from annotary.client.values import Assignment
from unit.client.platform import PROJECT, Replies, assignment, problem

READY = httpx.Response(200, json={"submission_id": "sub_1", "next": []})


def leased(client: Client) -> Assignment:
    return client.claim("text")[0]


def claimed() -> httpx.Response:
    return httpx.Response(200, json={"assignments": [assignment(1)]})


def test_a_write_is_repeated_under_the_same_key() -> None:
    replies = Replies(claimed(), httpx.ReadTimeout("slow"), problem(503, "unavailable"), READY)
    client = replies.client
    taken = client.submit(leased(client), {"classification": []}, seconds=1)
    assert taken.submission_id == "sub_1"
    claim, *tries = replies.keys
    assert len(tries) == 3 and len(set(tries)) == 1 and tries[0] not in (None, claim)
    assert len({request.content for request in replies.requests[1:]}) == 1


def test_another_write_has_another_key() -> None:
    replies = Replies(claimed(), READY, READY)
    client = replies.client
    one = leased(client)
    client.submit(one, {}, seconds=1)
    client.submit(one, {}, seconds=1)
    assert len(set(replies.keys)) == 3


def test_a_key_of_ones_own_is_used() -> None:
    replies = Replies(claimed(), READY)
    client = replies.client
    client.submit(leased(client), {}, seconds=1, key="mine")
    assert replies.keys[1] == "mine"


def test_what_carried_nothing_may_be_repeated_and_what_might_have_may_not() -> None:
    replies = Replies(httpx.ConnectError("refused"), httpx.Response(200, json=PROJECT))
    transport = replies.client._transport
    transport.send("POST", "/v1/anything", safe=False)
    assert len(replies.requests) == 2
    replies = Replies(httpx.ReadError("broke"))
    with pytest.raises(NotReached) as caught:
        replies.client._transport.send("POST", "/v1/anything", safe=False)
    assert caught.value.status == 0 and caught.value.retryable and len(replies.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidInput),
        (401, NotSignedIn),
        (409, Conflict),
        (412, ChangedMeanwhile),
        (422, InvalidInput),
        (500, AnnotaryClientError),
        (507, AnnotaryClientError),
    ],
)
def test_a_refusal_is_not_repeated(status: int, kind: type[AnnotaryClientError]) -> None:
    replies = Replies(problem(status, "some_code", path="/answer/box/0", existing="item_1"))
    with pytest.raises(kind) as caught:
        replies.client.projects.get("prj_1")
    error = caught.value
    assert type(error) is kind and len(replies.requests) == 1 and replies.slept == []
    assert (error.code, error.path, error.status, error.request_id) == (
        "some_code",
        "/answer/box/0",
        status,
        "req-1",
    )
    assert error.extra == {"existing": "item_1"}


def test_a_reply_that_is_no_problem_is_an_error_all_the_same() -> None:
    with pytest.raises(AnnotaryClientError, match="HTTP 418") as caught:
        Replies(httpx.Response(418, text="<html>")).client.me()
    assert caught.value.code == "http_418"
    with pytest.raises(AnnotaryClientError) as caught:
        Replies(httpx.Response(200, text="<html>")).client.me()
    assert caught.value.code == "unexpected_reply"


def test_the_server_says_how_long_to_wait() -> None:
    busy = problem(429, "rate_limited", headers={"Retry-After": "3"})
    replies = Replies(busy, problem(503, "unavailable"), httpx.Response(200, json=PROJECT))
    replies.client.projects.get("prj_1")
    assert 3.0 <= replies.slept[0] < 4.0 and replies.slept[1] < 1.0


def test_a_wait_too_long_and_too_many_tries_end_it() -> None:
    late = Replies(problem(503, "unavailable", headers={"Retry-After": "3600"}))
    with pytest.raises(Unavailable):
        late.client.me()
    assert late.slept == []
    busy = Replies(*(problem(429, "rate_limited") for _ in range(6)))
    with pytest.raises(TooManyRequests) as caught:
        busy.client.me()
    assert caught.value.attempts == 6 and len(busy.slept) == 5


@given(st.integers(1, 10), st.none() | st.floats(0, 100), st.floats(0, 1, exclude_max=True))
def test_waits_are_bounded_and_never_less_than_asked(
    attempt: int, asked: float | None, chance: float
) -> None:
    retries = Retries()
    wait = retries.wait_seconds(attempt, asked, lambda: chance)
    if attempt >= retries.attempts or (asked or 0) > retries.asked_seconds_most:
        assert wait is None
    else:
        assert wait is not None
        assert (asked or 0) <= wait <= (asked or 0) + retries.longest_seconds


def test_retry_after_reads_seconds_dates_and_nonsense() -> None:
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert asked_seconds("7", now) == 7
    assert asked_seconds("Mon, 23 Nov 2026 06:00:30 GMT", now) == 30
    assert asked_seconds("Mon, 23 Nov 2026 05:00:00 GMT", now) == 0
    assert asked_seconds("soon", now) is None and asked_seconds(None, now) is None


def test_a_release_whose_reply_was_lost_has_been_done() -> None:
    gone = problem(409, "not_leased")
    replies = Replies(claimed(), httpx.ReadError("broke"), gone)
    client = replies.client
    client.release(leased(client))
    replies = Replies(claimed(), gone)
    client = replies.client
    with pytest.raises(Conflict):
        client.release(leased(client))
