"""People in browsers: in at once everywhere, out everywhere, and no foreign page writes for them."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from acceptance.access.conftest import MODALITIES, RESTARTED_SECONDS_MAX, SECRET, Page, Place, soon
from annotary.kernel.limits import SIGN_IN_ATTEMPTS_BOTH_MAX

ANSWER = {"classification": [{"label": "good"}], "spans": []}
FOREIGN: tuple[dict[str, str | None], ...] = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"X_Annotary_Request": None},
)


def claim(page: Page, place: Place, modality: str = "text") -> dict[str, Any]:
    """Lease a task in the browser."""
    body = {"project": place.projects[modality]}
    found = page.ask("POST", f"/v1/{modality}/claims", body, expect=200, Idempotency_Key=os.urandom(8).hex())
    return dict(found["assignments"][0])


def submit(page: Page, lease: dict[str, Any], **headers: str | None) -> Any:
    """Submit an answer to a text."""
    body = {"fence": lease["fence"], "answer": ANSWER, "seconds": 1.0}
    path = f"/v1/text/assignments/{lease['id']}/submission"
    return page.ask("POST", path, body, **({"Idempotency_Key": lease["id"]} | headers))


def test_the_link_of_the_first_start_leads_to_a_password(place: Place) -> None:
    url, _, token = place.stand.welcome_url.partition("/welcome#token=")
    assert (url, token) == (place.stand.url, place.stand.owner_token)
    page = place.page()
    page.ask("POST", "/v1/session", {"token": token}, expect=201)
    page.ask("PATCH", "/v1/me", {"name": "Ada", "email": "ada@example.org"}, expect=200)
    page.ask("PUT", "/v1/me/password", {"password": SECRET}, expect=204)
    again = place.page().ask(
        "POST", "/v1/session", {"email": "ADA@example.org", "password": SECRET}, expect=201
    )
    assert again["member"]["role"] == "owner"


def test_whoever_just_came_in_is_known_everywhere_at_once(place: Place) -> None:
    for _ in range(2):
        page, email = place.newcomer()
        page = place.page()
        page.ask("POST", "/v1/session", {"email": email, "password": SECRET}, expect=201)
        # No service is asked twice: the first request after signing in must do.
        for modality in MODALITIES:
            (waits,) = page.ask("GET", f"/v1/{modality}/waiting", expect=200)["projects"]
            assert waits["project"] == place.projects[modality] and waits["open"] > 0
            claim(page, place, modality)
        assert submit(page, claim(page, place)).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_foreign_page_writes_with_our_cookie_in_any_service(
    place: Place, headers: dict[str, str | None]
) -> None:
    page, _ = place.newcomer()
    lease = claim(page, place)
    tries = [
        page.ask("POST", "/v1/tokens", {"name": "stolen"}, **headers),
        page.ask("DELETE", "/v1/session", **headers),
        submit(page, lease, **headers),
        *(
            page.ask("POST", f"/v1/{modality}/claims", {"project": place.projects[modality]}, **headers)
            for modality in MODALITIES
        ),
        page.ask("POST", f"/v1/text/assignments/{lease['id']}/release", {"fence": lease["fence"]}, **headers),
    ]
    assert [(one.status_code, one.json()["code"]) for one in tries] == [(403, "foreign_request")] * len(tries)
    assert submit(page, lease).status_code == 200
    # No reply gives another address's page leave to read.
    for path in ("/v1/me", "/v1/text/waiting"):
        told = page.ask("GET", path, Origin="http://evil.example").headers
        assert not [name for name in told if name.startswith("access-control")]


def test_a_bearer_token_is_what_counts_beside_a_cookie(place: Place) -> None:
    page, _ = place.newcomer()
    token = place.stand.annotators(place.projects["text"], 1)[0]
    bearer = {"Authorization": f"Bearer {token}", "Origin": None, "X_Annotary_Request": None}
    body = {"project": place.projects["text"]}
    (lease,) = page.ask("POST", "/v1/text/claims", body, expect=200, **bearer)["assignments"]
    assert submit(page, lease).status_code == 404, "the cookie's member does not hold the token's lease"
    assert submit(page, lease, **bearer).status_code == 200
    wrong = page.ask("POST", "/v1/text/claims", body, Authorization="Bearer ann_" + "x" * 43)
    assert wrong.status_code == 401


def test_guessing_is_slowed_over_a_restart_and_whatever_it_says_of_its_address(place: Place) -> None:
    _, email = place.newcomer()
    page = place.page()

    def guess(number: int) -> Any:
        body = {"email": email, "password": f"guess number {number}"}
        return page.ask("POST", "/v1/session", body, X_Forwarded_For=f"203.0.113.{number}")

    codes = [guess(number).status_code for number in range(SIGN_IN_ATTEMPTS_BOTH_MAX + 1)]
    assert codes == [401] * SIGN_IN_ATTEMPTS_BOTH_MAX + [429]
    before = place.stand.pid("platform")
    os.kill(before, signal.SIGKILL)
    soon(
        lambda: place.stand.pid("platform") not in (before, 0) and guess(50).status_code != 503,
        RESTARTED_SECONDS_MAX,
    )
    refused = guess(51)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert refused.json()["retryable"]


def test_a_session_ended_in_mid_work_loses_no_answer(place: Place) -> None:
    page, email = place.newcomer()
    lease = claim(page, place)
    other = place.page()
    other.ask("POST", "/v1/session", {"email": email, "password": SECRET}, expect=201)
    sessions = other.ask("GET", "/v1/me/sessions", expect=200)["items"]
    (first,) = [one for one in sessions if not one["present"]]
    other.ask("DELETE", f"/v1/me/sessions/{first['id']}", expect=204)
    soon(lambda: page.ask("GET", "/v1/text/waiting").status_code == 401)
    refused = submit(page, lease)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    page.ask("POST", "/v1/session", {"email": email, "password": SECRET}, expect=201)
    assert submit(page, lease).status_code == 200


def test_a_removed_members_session_dies_in_every_service(place: Place) -> None:
    page, _ = place.newcomer()
    paths = ["/v1/me", *(f"/v1/{modality}/waiting" for modality in MODALITIES)]
    member = page.ask("GET", "/v1/me", expect=200)["member"]["id"]
    assert [page.ask("GET", path).status_code for path in paths] == [200] * 4
    place.stand.call("DELETE", f"/v1/members/{member}")
    soon(lambda: [page.ask("GET", path).status_code for path in paths] == [401] * 4)
    for modality in MODALITIES:
        body = {"project": place.projects[modality]}
        assert page.ask("POST", f"/v1/{modality}/claims", body).status_code == 401
