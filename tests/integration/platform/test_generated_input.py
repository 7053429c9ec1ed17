"""Requests generated from our own OpenAPI document, against things that are there: never a 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings

from annotary.infra.settings import Settings
from integration.platform.people import People
from integration.platform.things import Things

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = 15


def generated(operation: Any) -> list[Any]:
    """Return requests of an operation, good and bad, the same at every run."""
    cases: list[Any] = []

    @seed(20261123)
    @hypothesis_settings(
        max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        cases.append(case)

    collect()
    return cases


async def test_no_generated_request_breaks_the_platform(people: People, settings: Settings) -> None:
    things = Things(people, settings)
    document = (await people.client.get("/schema/platform/openapi.json")).json()
    operations = [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]
    assert len(operations) > 50
    for operation in operations:
        method, route = operation.method.upper(), f"{operation.method.upper()} {operation.path}"
        for case in generated(operation):
            sent = case.as_transport_kwargs(base_url="http://testserver.local")
            path = (await things.make(route))[0]
            request = {name: sent[name] for name in ("params", "json") if sent.get(name) is not None}
            if isinstance(sent.get("data"), bytes | str):
                request["content"] = sent["data"]
            response = await people.ask("owner", method, path, **request)
            assert response.status_code < 500, (route, request, response.text)
            if response.status_code >= 400 and method != "HEAD":
                assert response.json()["status"] == response.status_code
