"""Whatever the API's own description allows, and what it does not: no request makes a service answer 5xx."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from acceptance.api.conftest import Api, make_project
from annotary.kernel.ids import PREFIXES

SERVICES = ("platform", "text", "image", "video")
EXAMPLES = 8
EXAMPLES_SOAK = 200


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_is_answered_5xx(api: Api, tmp_path: Path, service: str) -> None:
    attack(api, tmp_path, service, EXAMPLES)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("service", SERVICES)
def test_no_request_of_very_many_is_answered_5xx(api: Api, tmp_path: Path, service: str) -> None:
    attack(api, tmp_path, service, EXAMPLES_SOAK)


def attack(api: Api, place: Path, service: str, examples: int) -> None:
    """Send generated requests, good and bad, to every operation of a service."""
    description = json.loads(api.ask("GET", f"/schema/{service}/openapi.json").body)
    schema = schemathesis.openapi.from_dict(description)
    known = known_ids(api, place, service)
    count, broken = 0, []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        count += 1
        try:
            send_generated(api, operation, known, examples)
        except AssertionError as error:
            broken.append(f"{operation.label}: {error}")
    assert count >= 20, "the description has lost most of its operations"
    assert not broken, "\n\n".join(broken)


def send_generated(api: Api, operation: Any, known: dict[str, str], examples: int) -> None:
    """Send requests that hypothesis makes of an operation's description; in half of them the ids are real."""

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def send(case: Any, real: bool) -> None:
        if real:
            for place in (case.path_parameters, case.query, case.body):
                put_real_ids(place, known)
        headers = {"Authorization": f"Bearer {api.stand.owner_token}"}
        response = case.call(base_url=api.stand.url, headers=headers, timeout=60)
        told = f"{response.request.method} {response.request.url} {response.request.body!r:.1500}"
        assert response.status_code < 500, f"{told}\n{response.status_code} {response.content[:500]!r}"

    send()


def put_real_ids(place: Any, known: dict[str, str]) -> None:
    """Give what names a thing the id of one that exists."""
    if isinstance(place, dict):
        for name in place:
            if (kind := name.removesuffix("_id")) in known:
                place[name] = known[kind]


def known_ids(api: Api, place: Path, service: str) -> dict[str, str]:
    """Return an id of each kind, of a project made to be broken; the lease is the owner's."""
    modality = "text" if service == "platform" else service
    project = make_project(api.stand, place, modality)
    owner = json.loads(api.ask("GET", "/v1/me").body)
    claimed = json.loads(api.ask("POST", f"/v1/{modality}/claims", {"project": project}).body)
    lease = claimed["assignments"][0]
    ids = {"project": project, "assignment": lease["id"], "task": lease["task"]["id"]}
    batches = json.loads(api.ask("GET", f"/v1/{modality}/batches?project={project}").body)["items"]
    jobs = json.loads(api.ask("GET", "/v1/jobs").body)["items"]
    ids |= {"batch": batches[0]["id"], "job": jobs[0]["id"]}
    ids |= {key: value for key, value in owner.items() if isinstance(value, str) and key in PREFIXES}
    made = {"name": f"d-{api.key()}", "modality": modality}
    ids["dataset"] = json.loads(api.ask("POST", "/v1/datasets", made).body)["id"]
    return ids
